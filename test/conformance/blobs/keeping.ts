import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { bytesOf, keysOf, listed, pattern, rejectsWith, sha256, withStore, type BlobsCase } from './case.ts';

const a = sha256(Buffer.from('a'));
const b = sha256(Buffer.from('b'));

/** Keeping blobs, finding them again, and removing them. */
export const keeping: BlobsCase[] = [
  withStore('put tells what stat tells', async (store) => {
    const key = `derived/${a}/variants/f00d/w640.webp`;
    const put = await store.put(key, pattern(1234));
    assert.equal(put.key, key);
    assert.equal(put.bytes, 1234);
    assert.ok(Math.abs(put.modifiedAt - Date.now()) < 86_400_000, 'modifiedAt is in ms since the epoch');
    const found = await store.stat(key);
    assert.deepEqual([found?.key, found?.bytes], [key, 1234]);
  }),
  withStore('stat answers null for a key that is not there, or only the beginning of one', async (store) => {
    await store.put(`derived/${a}/variants/f00d/w640.webp`, pattern(10));
    assert.equal(await store.stat(`originals/${a}`), null);
    assert.equal(await store.stat(`derived/${a}/variants`), null);
    assert.equal(await store.stat(`derived/${a}/variants/f00d/w640.webp/more`), null);
  }),
  {
    title: 'what was put and committed is there when the store is opened again',
    async run(open) {
      const place = `again-${Math.random()}`.replace('.', '');
      const before = await open(place);
      await before.put('cache/x', pattern(100));
      const { tmp } = await before.receive('01ARZ3NDEKTSV4RRFFQ69G5FAV', pattern(200));
      await before.commit(tmp, `originals/${a}`);
      await before.close();
      const after = await open(place);
      assert.ok(pattern(100).equals(await bytesOf(after, 'cache/x')));
      assert.ok(pattern(200).equals(await bytesOf(after, `originals/${a}`)));
      await after.close();
    },
  },
  {
    title: 'two who have the same store open see what the other does',
    async run(open) {
      const place = `twice-${Math.random()}`.replace('.', '');
      const [one, two] = [await open(place), await open(place)];
      assert.equal(await two.stat('cache/x'), null);
      await one.put('cache/x', pattern(100));
      assert.equal((await two.stat('cache/x'))?.bytes, 100);
      const { tmp } = await one.receive('01ARZ3NDEKTSV4RRFFQ69G5FAV', pattern(200));
      await Promise.all([one.commit(tmp, `originals/${a}`), two.commit(tmp, `originals/${a}`)]);
      assert.ok(pattern(200).equals(await bytesOf(two, `originals/${a}`)));
      await two.remove('cache/x');
      assert.equal(await one.stat('cache/x'), null);
      await one.close();
      assert.ok(await two.stat(`originals/${a}`), 'closing one leaves the other open');
      await two.close();
    },
  },
  withStore('a blob under way is not to be seen, and one that fails leaves the one before', async (store, paused) => {
    const key = `derived/${a}/palette/1/p.json`;
    const { source, taken, finish } = paused(pattern(900_000));
    const writing = store.put(key, source);
    await taken(writing);
    assert.equal(await store.stat(key), null);
    assert.deepEqual(await keysOf(store, 'derived/'), []);
    finish();
    await writing;
    const second = paused(Buffer.alloc(900_000));
    const failing = rejectsWith('blob.aborted', () => store.put(key, second.source));
    await second.taken(failing);
    second.fail(new Error('no more'));
    await failing;
    assert.ok(pattern(900_000).equals(await bytesOf(store, key)));
  }),
  withStore('putting an equal key replaces it, and a reader keeps the version it began with', async (store) => {
    const old = Buffer.alloc(3_000_000, 1);
    await store.put('cache/picture', old);
    const chunks: Buffer[] = [];
    for await (const chunk of await store.read('cache/picture')) {
      if (chunks.length === 0) await store.put('cache/picture', Buffer.alloc(3_000_000, 2));
      chunks.push(chunk as Buffer);
    }
    assert.ok(old.equals(Buffer.concat(chunks)));
    assert.ok(Buffer.alloc(3_000_000, 2).equals(await bytesOf(store, 'cache/picture')));
  }),
  withStore('many puts of one key at the same time leave one of them whole', async (store) => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.put('cache/same', Buffer.alloc(300_000, i))));
    const left = await bytesOf(store, 'cache/same');
    assert.ok(Buffer.alloc(300_000, left[0]).equals(left));
    assert.deepEqual(await keysOf(store, 'tmp/'), []);
  }),
  withStore('local gives a file with the same bytes', async (store) => {
    await store.put(`originals/${a}`, pattern(70_000));
    const file = await store.local(`originals/${a}`);
    assert.ok(pattern(70_000).equals(await readFile(file.path)));
    await file.release();
    assert.ok(await store.stat(`originals/${a}`), 'releasing the file leaves the blob');
    await rejectsWith('blob.missing', () => store.local(`originals/${b}`));
  }),
  withStore('remove removes, and one that is not there is fine', async (store) => {
    await store.put('cache/x', pattern(10));
    await store.remove('cache/x');
    await store.remove('cache/x');
    assert.equal(await store.stat('cache/x'), null);
    await store.put('cache/x', pattern(10));
  }),
  withStore('removeAll removes what is below the prefix and nothing beside it', async (store) => {
    const kept = [`derived/${b}/variants/1/w640.webp`, `originals/${a}`, 'cache/ab/x', 'cache/abc/x'];
    const gone = [`derived/${a}/variants/1/w640.webp`, `derived/${a}/variants/2/w640.webp`, `derived/${a}/palette/1/p.json`];
    for (const key of [...kept, ...gone]) await store.put(key, pattern(10));
    await store.removeAll(`derived/${a}/`);
    await store.removeAll('cache/a/');
    const left = await Promise.all(['derived/', 'originals/', 'cache/'].map((prefix) => keysOf(store, prefix)));
    assert.deepEqual(left.flat().sort(), kept.sort());
    for (const key of gone) assert.equal(await store.stat(key), null);
  }),
  withStore('list gives every blob below a prefix, with its length, and no other', async (store) => {
    const keys = Array.from({ length: 60 }, (_, i) => `originals/${sha256(Buffer.from([i]))}`).sort();
    await Promise.all(keys.map((key, i) => store.put(key, pattern(i))));
    await store.put(`derived/${a}/variants/1/w640.webp`, pattern(5));
    await store.put(`derived/${a}/palette/1/p.json`, pattern(6));
    assert.deepEqual(await keysOf(store, 'originals/'), keys);
    for (const info of await listed(store, 'originals/')) assert.equal(info.bytes, keys.indexOf(info.key));
    assert.deepEqual(await keysOf(store, `derived/${a}/palette/`), [`derived/${a}/palette/1/p.json`]);
    assert.equal((await keysOf(store, 'derived/')).length, 2);
    assert.deepEqual(await keysOf(store, 'cache/'), []);
  }),
  withStore('what is listed can be removed meanwhile', async (store) => {
    await Promise.all(Array.from({ length: 100 }, (_, i) => store.put(`cache/${i}/x`, pattern(1))));
    for await (const { key } of store.list('cache/')) await store.remove(key);
    assert.deepEqual(await keysOf(store, 'cache/'), []);
  }),
  withStore('keys can be written while their neighbours are removed', async (store) => {
    const workers = [0, 1, 2, 3, 4, 5, 6, 7];
    const rounds = async (worker: number): Promise<void> => {
      for (let round = 0; round < 50; round++) {
        await store.put(`derived/${a}/variants/1/${worker}.webp`, pattern(worker));
        await store.remove(`derived/${a}/variants/1/${worker}.webp`);
        if (round % 10 === worker) await store.removeAll(`derived/${a}/`);
      }
      await store.put(`derived/${b}/${worker}`, pattern(worker));
    };
    await Promise.all(workers.map(rounds));
    assert.deepEqual(
      await keysOf(store, 'derived/'),
      workers.map((worker) => `derived/${b}/${worker}`),
    );
  }),
];
