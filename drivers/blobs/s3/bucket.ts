import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { isMissing, refusedAs, Refusal } from './attempts.ts';
import type { Place } from './place.ts';

/** Bytes in `tmp/` that nobody has claimed by then are removed by the store itself, should no Vitrail be left to do it. */
const tmpDays = 7;

/** Makes the bucket where there is none. Any number of nodes may do so at once. */
export async function ensureBucket({ client, attempt, bucket, region }: Place): Promise<void> {
  if (await attempt(() => client.bucketExists(bucket))) return;
  await attempt(() => client.makeBucket(bucket, region)).catch(async (error: unknown) => {
    // Some stores tell an owner so, others say but that the name is taken: it is ours if we may look into it.
    if (refusedAs(error, 'BucketAlreadyOwnedByYou')) return;
    if (!refusedAs(error, 'BucketAlreadyExists') || !(await attempt(() => client.bucketExists(bucket)))) throw error;
  });
}

const abortAfter = `<AbortIncompleteMultipartUpload><DaysAfterInitiation>${tmpDays}</DaysAfterInitiation></AbortIncompleteMultipartUpload>`;
const rule = (id: string, prefix: string, actions: string): string =>
  `<Rule><ID>${id}</ID><Status>Enabled</Status><Filter><Prefix>${prefix}</Prefix></Filter>${actions}</Rule>`;

const notUnderstood = ['InvalidArgument', 'InvalidRequest', 'MalformedXML', 'NotImplemented'];
const writes = 5;

/**
 * Sets the rule that expires `tmp/`, and one for uploads in parts that were left behind. The bucket's other rules are sent back letter
 * by letter as they came. Two nodes that write at the same time write the same; what another overwrote is written again. A store that
 * has no such rules, or does not let us set them, does without: `ingest` sweeps `tmp/` anyway.
 */
export async function ensureExpiry({ client, attempt, bucket, prefix, warn }: Place): Promise<void> {
  const id = `vitrail-${prefix}tmp-${tmpDays}-days`;
  const expiry = rule(id, `${prefix}tmp/`, `<Expiration><Days>${tmpDays}</Days></Expiration>${abortAfter}`);
  // Some stores (MinIO) see to such uploads themselves, and do not understand a rule that does nothing else.
  const everything = [expiry + rule(`vitrail-${prefix}uploads-${tmpDays}-days`, prefix, abortAfter), expiry];

  const read = (): Promise<string> =>
    attempt(async () => text(await client.makeRequestAsync({ method: 'GET', bucketName: bucket, query: 'lifecycle' })));
  const write = (xml: string): Promise<unknown> => {
    const headers = { 'Content-MD5': createHash('md5').update(xml).digest('base64') };
    return attempt(() => client.makeRequestAsyncOmit({ method: 'PUT', bucketName: bucket, query: 'lifecycle', headers }, xml));
  };

  try {
    for (let n = 0; n < writes; n++) {
      const found = await read().catch((error: unknown) => {
        if (refusedAs(error, 'NoSuchLifecycleConfiguration') || isMissing(error)) return '';
        throw error;
      });
      if (found.includes(`<ID>${id}</ID>`)) return;
      const withRules = (rules: string): string =>
        found.includes('</LifecycleConfiguration>')
          ? found.replace('</LifecycleConfiguration>', () => `${rules}</LifecycleConfiguration>`)
          : `<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rules}</LifecycleConfiguration>`;
      const [full = '', least = ''] = everything.map(withRules);
      await write(full).catch((error: unknown) => {
        if (!refusedAs(error, ...notUnderstood)) throw error;
        return write(least);
      });
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    warn?.(`the store set no rule that expires what is left in ${prefix}tmp/ (${error.reason})`);
  }
}
