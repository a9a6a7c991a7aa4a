/** Children of a node whose bytes lie in an S3 store. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { pluginUrl } from '../../test/fixtures/enricher-pool.ts';
import { ownBucket } from '../../test/fixtures/own-bucket.ts';
import { ownName, withServers } from '../../test/fixtures/servers.ts';
import { type EnricherPool, openEnricherPool } from './pool.ts';

withServers(['s3'], (server) => {
  const { options, client, bucket, open } = ownBucket(server);
  const pools: EnricherPool[] = [];
  afterEach(async () => {
    for (const pool of pools.splice(0)) await pool.stop(0);
  });
  const poolFor = (name: string): EnricherPool => {
    const silent = { debug: () => undefined, warn: () => undefined };
    const env = { ...process.env, ...server, VITRAIL_PROFILE: 'distributed', VITRAIL_S3_BUCKET: name };
    const keys = { s3AccessKey: options.accessKey, s3SecretKey: options.secretKey };
    const pool = openEnricherPool({ slots: 1, env, keys, logger: silent });
    pools.push(pool);
    return pool;
  };
  const jobOn = (sha256: string, bytes: number) => ({
    enricher: 'echo',
    module: pluginUrl('echo').href,
    config: { word: 'word' },
    asset: { id: 'a', sha256, filename: 'a.png', type: 'image/png', bytes, width: 8, height: 8 },
    fingerprint: 'f'.repeat(64),
    inputs: {},
  });

  it('read and write bytes by keys that stand in no environment', async () => {
    const store = await open();
    const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const { tmp, sha256, bytes } = await store.receive('01ARZ3NDEKTSV4RRFFQ69G5FAV', picture);
    await store.commit(tmp, `originals/${sha256}`);
    const { outputs } = await poolFor(bucket).run(jobOn(sha256, bytes), { timeoutMs: 20_000 });
    const { pid, environment, file } = outputs as { pid: number; environment: string[]; file: { key: string } };
    expect(await store.stat(file.key)).toMatchObject({ bytes: 4 });
    // What anything that runs as the same user reads: what the process was started with.
    const begun = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
    expect(begun).toContain(`VITRAIL_S3_ENDPOINT=${options.endpoint}`);
    expect(begun.filter((line) => line.includes(options.secretKey) || line.startsWith('VITRAIL_S3_ACCESS_KEY'))).toEqual([]);
    expect(environment).toContain('VITRAIL_S3_BUCKET');
    expect(environment.filter((name) => /KEY|SECRET|TOKEN|PASSWORD/.test(name))).toEqual([]);
  });

  it('make no bucket: that is for the node', async () => {
    const none = ownName();
    await expect(poolFor(none).run(jobOn('a'.repeat(64), 1), { timeoutMs: 20_000 })).rejects.toMatchObject({
      name: 'RunError',
    });
    expect(await client.bucketExists(none)).toBe(false);
  });
});
