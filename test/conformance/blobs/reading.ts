import assert from 'node:assert/strict';
import { bytesOf, pattern, rejectsWith, withStore, type BlobsCase } from './case.ts';

const key = 'originals/film';

/** Reading whole blobs and parts of them. */
export const reading: BlobsCase[] = [
  withStore('read gives all bytes of small, large and empty blobs', async (store) => {
    for (const length of [0, 1, 65_536, 2_000_003]) {
      await store.put(key, pattern(length));
      assert.ok(pattern(length).equals(await bytesOf(store, key)), `${length} bytes`);
    }
  }),
  withStore('a range has its first and its last byte', async (store) => {
    const bytes = pattern(1_000_000);
    await store.put(key, bytes);
    for (const [start, end] of [
      [0, 0],
      [0, 999_999],
      [999_999, 999_999],
      [1, 2],
      [65_535, 700_000],
    ] as const) {
      assert.ok(bytes.subarray(start, end + 1).equals(await bytesOf(store, key, { start, end })), `${start}–${end}`);
    }
  }),
  withStore('a range that is not within the blob is refused before any byte flows', async (store) => {
    await store.put(key, pattern(100));
    for (const [start, end] of [
      [0, 100],
      [100, 100],
      [100, 200],
      [50, 49],
      [-1, 5],
      [0.5, 5],
      [0, Number.NaN],
      [0, Infinity],
    ] as const) {
      await rejectsWith('blob.range', () => store.read(key, { start, end }));
    }
    await store.put('originals/empty', new Uint8Array());
    await rejectsWith('blob.range', () => store.read('originals/empty', { start: 0, end: 0 }));
  }),
  withStore('a blob that is not there is refused before any byte flows', async (store) => {
    await store.put(`${key}/part`, pattern(1));
    for (const missing of ['originals/none', key]) {
      await rejectsWith('blob.missing', () => store.read(missing));
      await rejectsWith('blob.missing', () => store.read(missing, { start: 0, end: 0 }));
    }
  }),
  withStore('fill gives the first bytes, and refuses a blob that has fewer or is not there', async (store) => {
    await store.put(key, pattern(300_000));
    for (const length of [0, 1, 70_000, 300_000]) {
      const around = Buffer.alloc(length + 2, 7);
      await store.fill(around.subarray(1, length + 1), key);
      assert.ok(Buffer.concat([Buffer.of(7), pattern(length), Buffer.of(7)]).equals(around), `${length} bytes`);
    }
    await rejectsWith('blob.range', () => store.fill(Buffer.alloc(300_001), key));
    await store.put(`originals/folder/part`, pattern(1));
    for (const missing of ['originals/none', 'originals/folder'])
      await rejectsWith('blob.missing', () => store.fill(Buffer.alloc(1), missing));
  }),
  withStore('a reader may leave early, and the blob can be read again', async (store) => {
    await store.put(key, pattern(3_000_000));
    for await (const chunk of await store.read(key)) {
      assert.ok((chunk as Buffer).length > 0);
      break;
    }
    assert.equal((await bytesOf(store, key)).length, 3_000_000);
  }),
];
