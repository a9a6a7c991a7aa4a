import { readdir, readFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { blobsConformance } from '../../test/conformance/blobs.ts';
import { keysOf, pattern, sha256 } from '../../test/conformance/blobs/case.ts';
import { ownBucket, removeBucket } from '../../test/fixtures/own-bucket.ts';
import { ownName, withServers } from '../../test/fixtures/servers.ts';
import { openS3Blobs } from './s3.ts';

withServers(['s3'], (env) => {
  const { options, client, bucket, open } = ownBucket(env);

  blobsConformance('s3', (place) => openS3Blobs({ ...options, prefix: `${place}/` }));

  describe('blobs in S3', () => {
    const lifecycleOf = async (bucketName: string): Promise<string> =>
      text(await client.makeRequestAsync({ method: 'GET', bucketName, query: 'lifecycle' }));

    it('is opened by many nodes at once where there is no bucket yet, and sets one rule that expires tmp/', async () => {
      const fresh = ownName();
      await Promise.all(Array.from({ length: 8 }, () => open({ bucket: fresh })));
      await open({ bucket: fresh });
      const found = await lifecycleOf(fresh);
      await removeBucket(client, fresh);
      expect(found.match(/<Prefix>tmp\/<\/Prefix>/g)).toHaveLength(1);
      expect(found).toContain('<Expiration><Days>7</Days></Expiration>');
    });

    it('leaves the bucket’s other rules as they are', async () => {
      await open();
      await client.setBucketLifecycle(bucket, {
        Rule: [{ ID: 'theirs', Status: 'Disabled', Filter: { Prefix: '007' }, Expiration: { Days: 30 } }],
      });
      const before = await lifecycleOf(bucket);
      expect(before).toContain('<Prefix>007</Prefix>');
      await open({ prefix: 'shared/' });
      const after = await lifecycleOf(bucket);
      expect(after).toContain(/<Rule>.*?<\/Rule>/s.exec(before)?.[0]);
      expect(after).toContain('<Prefix>shared/tmp/</Prefix>');
    });

    it('lists and removes more than the store tells at once', async () => {
      const store = await open({ prefix: 'many/' });
      const keys = Array.from({ length: 1030 }, (_, n) => `cache/${String(n).padStart(4, '0')}/x`);
      for (let n = 0; n < keys.length; n += 50) {
        await Promise.all(keys.slice(n, n + 50).map((key) => store.put(key, pattern(1))));
      }
      await store.put('cached/x', pattern(1));
      expect(await keysOf(store, 'cache/')).toEqual(keys);
      await store.removeAll('cache/');
      expect(await keysOf(store, 'cache/')).toEqual([]);
      expect(await keysOf(store, 'cached/')).toEqual(['cached/x']);
    });

    it('keeps its hands off what lies beside its prefix', async () => {
      const one = await open({ prefix: 'one/' });
      const two = await open({ prefix: 'two/' });
      await one.put('cache/x', pattern(1));
      expect(await keysOf(two, 'cache/')).toEqual([]);
      await two.removeAll('cache/');
      expect(await one.stat('cache/x')).not.toBeNull();
    });

    it('says nothing of the credentials where they are refused', async () => {
      const secretKey = 'not-the-secret-of-anyone';
      const refused = await openS3Blobs({ ...options, secretKey }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'blob.unavailable', message: expect.stringContaining(options.endpoint) });
      const store = await open();
      await store.put('cache/x', pattern(1));
      const shown = inspect(refused, { depth: null, showHidden: true });
      for (const secret of [secretKey, options.secretKey, options.accessKey + '/', 'Signature', 'AWS4']) {
        expect(shown).not.toContain(secret);
      }
    });

    it.each(['', 'minio:9000', 'ftp://minio', 'http://minio/path', 'http://user:geheim@minio'])(
      'takes %j for no address of a store',
      async (endpoint) => {
        const refused = await openS3Blobs({ ...options, endpoint }).catch((error: unknown) => error);
        expect(refused).toMatchObject({ name: 'TypeError' });
        expect(String(refused)).not.toContain('geheim');
      },
    );
  });

  describe('local files of blobs in S3', () => {
    let cacheDir: string;
    beforeEach(async () => void (cacheDir = await mkdtemp(join(tmpdir(), 'vitrail-cache-'))));
    afterEach(() => rm(cacheDir, { recursive: true, force: true }));
    const files = async (): Promise<string[]> =>
      (await readdir(cacheDir, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name);

    it('are shared by those who want the same one, and removed by the last of them', async () => {
      const store = await open({ cacheDir });
      await store.put('originals/x', pattern(300_000));
      const [one, two] = await Promise.all([store.local('originals/x'), store.local('originals/x')]);
      expect(two.path).toBe(one.path);
      await one.release();
      await one.release();
      expect(pattern(300_000).equals(await readFile(two.path))).toBe(true);
      await two.release();
      expect(await files()).toEqual([]);
      await expect(store.local('originals/none')).rejects.toMatchObject({ code: 'blob.missing' });
      expect(await files()).toEqual([]);
    });

    it('go with the store, and those of a killed process with the next one that needs some', async () => {
      const store = await open();
      await store.put('originals/x', pattern(1000));
      const body = `
        import { openS3Blobs } from ${JSON.stringify(join(import.meta.dirname, 's3.ts'))};
        const store = await openS3Blobs(${JSON.stringify({ ...options, cacheDir })});
        console.log((await store.local('originals/x')).path);
        setInterval(() => undefined, 1000);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', body], { stdio: ['ignore', 'pipe', 'inherit'] });
      const exit = once(child, 'exit');
      const [printed] = (await once(child.stdout, 'data')) as [Buffer];
      const left = printed.toString().trim();
      const living = await openS3Blobs({ ...options, cacheDir });
      const { path } = await living.local('originals/x');
      expect((await stat(left)).size).toBe(1000);
      child.kill('SIGKILL');
      await exit;
      const next = await openS3Blobs({ ...options, cacheDir });
      await next.local('originals/x');
      await expect(stat(left)).rejects.toMatchObject({ code: 'ENOENT' });
      expect((await stat(path)).size).toBe(1000);
      await Promise.all([living.close(), next.close()]);
      expect(await readdir(cacheDir)).toEqual([]);
    });
  });

  describe('addresses of blobs in S3', () => {
    it('give the bytes to anyone, as the file they are meant to be, by ranges too', async () => {
      const store = await open();
      await store.put('originals/film', pattern(1000));
      const address = await store.address!('originals/film', { fileName: 'Été (1).mp4', contentType: 'video/mp4' });
      expect(address).not.toContain(options.secretKey);
      expect(new URL(address).searchParams.get('X-Amz-Expires')).toBe('900');
      const whole = await fetch(address);
      expect(whole.status).toBe(200);
      expect(whole.headers.get('content-type')).toBe('video/mp4');
      expect(whole.headers.get('content-disposition')).toBe(`inline; filename*=UTF-8''%C3%89t%C3%A9%20%281%29.mp4`);
      expect(sha256(await whole.bytes())).toBe(sha256(pattern(1000)));
      const part = await fetch(address, { headers: { range: 'bytes=10-19' } });
      expect([part.status, sha256(await part.bytes())]).toEqual([206, sha256(pattern(1000).subarray(10, 20))]);
      expect((await fetch(address.replace('film', 'other'))).status).toBe(403);
      expect((await fetch(address, { method: 'DELETE' })).status).toBe(403);
    });

    it('hold for a while only', async () => {
      const store = await open();
      await store.put('originals/x', pattern(10));
      const address = await store.address!('originals/x', { expiresSeconds: 1 });
      const status = async (): Promise<number> => {
        const answer = await fetch(address);
        await answer.bytes();
        return answer.status;
      };
      let last = await status();
      while (last === 200) last = await status();
      expect(last).toBe(403);
      expect((await fetch(await store.address!('originals/x'))).status).toBe(200);
      for (const expiresSeconds of [0, -1, 1.5, Number.NaN, 604_801]) {
        await expect(store.address!('originals/x', { expiresSeconds })).rejects.toBeInstanceOf(RangeError);
      }
      await expect(store.address!('../x')).rejects.toMatchObject({ code: 'blob.key-invalid' });
    });

    it('lead to where browsers reach the store', async () => {
      const store = await open({ publicEndpoint: 'https://files.example.org' });
      expect(await store.address!('originals/x')).toMatch(/^https:\/\/files\.example\.org\/[\w-]+\/originals\/x\?X-Amz-/);
    });
  });
});
