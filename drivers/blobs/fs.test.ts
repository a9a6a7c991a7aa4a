import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { blobsConformance } from '../../test/conformance/blobs.ts';
import { keysOf, listed } from '../../test/conformance/blobs/case.ts';
import { openFsBlobs } from './fs.ts';

const root = await mkdtemp(join(tmpdir(), 'vitrail-blobs-'));
afterAll(() => rm(root, { recursive: true, force: true }));

blobsConformance('fs', (place) => openFsBlobs({ root: join(root, place) }));

const sha = 'ab12'.padEnd(64, '0');
const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name).slice(folder.length + 1));

/** A process of its own with a store open as `store`. */
const script = (place: string, body: string): string[] => [
  '--input-type=module',
  '-e',
  `import { openFsBlobs } from ${JSON.stringify(join(import.meta.dirname, 'fs.ts'))};
   const store = await openFsBlobs({ root: ${JSON.stringify(join(root, place))} });
   ${body}`,
];

describe('blobs in files', () => {
  it('fans originals out, and gives the store’s own file as the local one', async () => {
    const store = await openFsBlobs({ root: join(root, 'layout') });
    await store.put(`originals/${sha}`, Buffer.from('x'));
    await store.put('cache/plain', Buffer.from('y'));
    expect((await filesBelow(join(root, 'layout'))).sort()).toEqual(['cache/plain', `originals/+ab1/${sha}`]);
    expect((await store.local(`originals/${sha}`)).path).toBe(join(root, 'layout/originals/+ab1', sha));
  });

  it('removes folders that have become empty, and keeps the others', async () => {
    const store = await openFsBlobs({ root: join(root, 'empty') });
    await store.put(`derived/${sha}/variants/1/w640.webp`, Buffer.from('x'));
    await store.put(`derived/${sha}/palette/1/p.json`, Buffer.from('x'));
    await store.removeAll(`derived/${sha}/variants/`);
    expect(await readdir(join(root, 'empty/derived/+ab1', sha))).toEqual(['palette']);
    await store.removeAll(`derived/${sha}/`);
    expect(await readdir(join(root, 'empty/derived'))).toEqual([]);
    await store.put('cache/a/b/c', Buffer.from('x'));
    await store.remove('cache/a/b/c');
    expect(await readdir(join(root, 'empty/cache'))).toEqual([]);
    await store.removeAll('tmp/');
    expect((await store.receive('01ARZ3NDEKTSV4RRFFQ69G5FAV', Buffer.from('x'))).bytes).toBe(1);
  });

  it('refuses a key that is a folder of others, and one below a blob', async () => {
    const store = await openFsBlobs({ root: join(root, 'taken') });
    await store.put('cache/a/b', Buffer.from('x'));
    await expect(store.put('cache/a', Buffer.from('y'))).rejects.toMatchObject({ code: 'blob.key-invalid' });
    await expect(store.put('cache/a/b/c', Buffer.from('y'))).rejects.toMatchObject({ code: 'blob.key-invalid' });
    expect(await filesBelow(join(root, 'taken'))).toEqual(['cache/a/b']);
  });

  it('shows what a killed process had half written as a .part, which can be removed and nothing else', async () => {
    const writing = `
      async function* endless() { for (let n = 0; ; n++) { yield Buffer.alloc(1 << 20, n); if (n === 4) process.stdout.write('under way'); if (n > 4) await new Promise((r) => setTimeout(r, 5)); } }
      await store.receive('01ARZ3NDEKTSV4RRFFQ69G5FAV', endless());`;
    const child = spawn(process.execPath, script('killed', writing), { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await exit;

    const store = await openFsBlobs({ root: join(root, 'killed') });
    const left = await listed(store, 'tmp/');
    expect(left).toEqual([
      { key: expect.stringMatching(/^tmp\/[0-9A-Z]{26}\.part$/), bytes: expect.any(Number), modifiedAt: expect.any(Number) },
    ]);
    const { key } = left[0]!;
    expect(await store.stat('tmp/01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBeNull();
    expect(await store.stat(key)).toMatchObject({ key });
    for (const refused of [
      store.read(key),
      store.local(key),
      store.put(key, Buffer.from('x')),
      store.commit(key, 'originals/x'),
      store.receive('x.part', Buffer.from('x')),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'blob.key-invalid' });
    }
    await store.remove(key);
    expect(await filesBelow(join(root, 'killed'))).toEqual([]);
  });

  it('holds no more than a few MB of a 512 MB upload at any time, from a source faster than the disk', async () => {
    // What the source itself leaves behind is collected before each look, so that what the store holds is what is seen.
    const upload = `
      let most = 0;
      const held = () => { gc(); return process.memoryUsage().rss; };
      async function* source() {
        for (let n = 0; n < 8192; n++) {
          if (n % 512 === 0) most = Math.max(most, held());
          yield Buffer.alloc(65536, n);
        }
      }
      await store.receive('warm', Buffer.alloc(4 << 20));
      const before = held();
      const { bytes } = await store.receive('big', source());
      await store.removeAll('tmp/');
      console.log(JSON.stringify({ bytes, grown: Math.max(most, held()) - before }));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', ...script('large', upload)]);
    const { bytes, grown } = JSON.parse(stdout) as { bytes: number; grown: number };
    expect(bytes).toBe(512 * 1024 * 1024);
    expect(grown).toBeLessThan(64 * 1024 * 1024);
  });

  it('lists no file that no key leads to', async () => {
    const store = await openFsBlobs({ root: join(root, 'strange') });
    await store.put('cache/real', Buffer.from('x'));
    await writeFile(join(root, 'strange/cache/.DS_Store'), 'x');
    await writeFile(join(root, 'strange/cache/a name'), 'x');
    await symlink('/etc/hostname', join(root, 'strange/cache/link'));
    expect(await keysOf(store, 'cache/')).toEqual(['cache/real']);
  });
});
