import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ulid } from 'ulid';
import { pattern } from '../../test/conformance/blobs/case.ts';
import { ownBucket } from '../../test/fixtures/own-bucket.ts';
import { withServers } from '../../test/fixtures/servers.ts';
import type { BlobStore } from './port.ts';

const MiB = 1024 * 1024;

withServers(['s3'], (env) => {
  const { options, client, bucket, open } = ownBucket(env);
  /** Whether an upload in parts is under way. Asked by the whole name: MinIO answers to nothing else. */
  const isUnderWay = async (name: string): Promise<boolean> => (await client.findUploadId(bucket, name)) !== undefined;

  async function hashOf(store: BlobStore, key: string): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of await store.read(key)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }
  /** Chunks of 1 MiB of which no two are alike, all in the same memory, as sources may do. */
  async function* chunks(count: number, after?: (given: number) => unknown): AsyncGenerator<Buffer> {
    const chunk = pattern(MiB);
    for (let n = 0; n < count; n++) {
      chunk.writeUInt32BE(n);
      yield chunk;
      await after?.(n + 1);
    }
  }

  describe('large uploads to S3', () => {
    it.each([8 * MiB - 1, 8 * MiB, 8 * MiB + 1, 16 * MiB, 17 * MiB])('keep every one of %d bytes', async (bytes) => {
      const store = await open();
      const source = pattern(bytes);
      const received = await store.receive(ulid(), source);
      expect(received).toMatchObject({ bytes, sha256: createHash('sha256').update(source).digest('hex') });
      expect(await hashOf(store, received.tmp)).toBe(received.sha256);
      expect(await isUnderWay(received.tmp)).toBe(false);
    });

    it('leave nothing behind when they are aborted, too large or cut off', async () => {
      const store = await open();
      const stop = new AbortController();
      const cases = [
        { code: 'blob.aborted', write: { signal: stop.signal }, then: () => stop.abort() },
        { code: 'blob.too-large', write: { maxBytes: 20 * MiB }, then: () => undefined },
        {
          code: 'blob.aborted',
          write: {},
          then: () => {
            throw new Error('cable cut');
          },
        },
      ];
      for (const { code, write, then } of cases) {
        const id = ulid();
        const underWay: boolean[] = [];
        const source = chunks(40, async (given) => {
          if (given !== 20) return;
          underWay.push(await isUnderWay(`tmp/${id}`));
          then();
        });
        await expect(store.receive(id, source, write)).rejects.toMatchObject({ code });
        expect(underWay).toEqual([true]);
        expect(await isUnderWay(`tmp/${id}`)).toBe(false);
        expect(await store.stat(`tmp/${id}`)).toBeNull();
      }
    });

    it('of one key at the same time do not mix, and are written again where someone removes them', async () => {
      const [one, two] = [await open(), await open()];
      const sources = [Buffer.alloc(18 * MiB, 1), Buffer.alloc(18 * MiB, 2)];
      await Promise.all([one.put('cache/large', sources[0]!), two.put('cache/large', sources[1]!)]);
      const hashes = sources.map((source) => createHash('sha256').update(source).digest('hex'));
      expect(hashes).toContain(await hashOf(one, 'cache/large'));
      const removed = one.put(
        'cache/other',
        chunks(30, async (given) => {
          if (given === 20)
            await client.abortMultipartUpload(bucket, 'cache/other', String(await client.findUploadId(bucket, 'cache/other')));
        }),
      );
      await expect(removed).rejects.toMatchObject({ code: 'blob.aborted' });
      expect(await one.stat('cache/other')).toBeNull();
    });

    it('are committed in pieces, by two nodes at the same time too', async () => {
      const [one, two] = [await open(), await open()];
      const { tmp, sha256 } = await one.receive(ulid(), chunks(130));
      const key = `originals/${sha256}`;
      await Promise.all([one.commit(tmp, key), two.commit(tmp, key)]);
      expect(await hashOf(two, key)).toBe(sha256);
      expect(await one.stat(tmp)).toBeNull();
      expect(await isUnderWay(key)).toBe(false);
    });

    it('hold a few parts at any time, however large they are', async () => {
      // What the source itself leaves behind is collected before each look, so that what the store holds is what is seen.
      const body = `
        import { openS3Blobs } from ${JSON.stringify(join(import.meta.dirname, 's3.ts'))};
        const store = await openS3Blobs(${JSON.stringify({ ...options, prefix: 'memory/' })});
        let most = 0;
        const held = () => { gc(); return process.memoryUsage().rss; };
        async function* source(count) {
          for (let n = 0; n < count; n++) {
            if (n % 256 === 0) most = Math.max(most, held());
            yield Buffer.alloc(65536, n);
          }
        }
        await store.receive('warm', source(512));
        const before = held();
        const { bytes } = await store.receive('big', source(4096));
        console.log(JSON.stringify({ bytes, grown: Math.max(most, held()) - before }));
        await store.removeAll('tmp/');
        await store.close();`;
      const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--input-type=module', '-e', body]);
      const { bytes, grown } = JSON.parse(stdout) as { bytes: number; grown: number };
      expect(bytes).toBe(256 * MiB);
      expect(grown).toBeLessThan(48 * MiB);
    });
  });
});
