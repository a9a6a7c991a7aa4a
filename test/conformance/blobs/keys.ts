import { ulid } from 'ulid';
import assert from 'node:assert/strict';
import { keysOf, pattern, rejectsWith, withStore, type BlobsCase } from './case.ts';

const bad = [
  '',
  '/',
  '.',
  '..',
  'originals',
  '/originals/x',
  'originals/',
  'originals//x',
  'originals/../x',
  '../x',
  'originals/..',
  'originals/./x',
  'originals/a\0b',
  'originals/a\\b',
  'originals/a b',
  'originals/ä',
  'originals/.hidden',
  'originals/%2e%2e',
  'originals/a\n',
  'originals/+abc/x',
  'C:/x',
  `originals/${'a'.repeat(300)}`,
  `originals${'/a'.repeat(400)}`,
];

/** What may be a key. The rule is the same for every driver, so that blobs can move from one to another. */
export const keys: BlobsCase[] = [
  withStore('a key that breaks the rule is refused by every method', async (store) => {
    const { tmp } = await store.receive(ulid(), pattern(1));
    for (const key of bad) {
      await rejectsWith('blob.key-invalid', () => store.put(key, pattern(1)));
      await rejectsWith('blob.key-invalid', () => store.commit(tmp, key));
      await rejectsWith('blob.key-invalid', () => store.commit(key, 'originals/x'));
      await rejectsWith('blob.key-invalid', () => store.stat(key));
      await rejectsWith('blob.key-invalid', () => store.read(key));
      await rejectsWith('blob.key-invalid', () => store.fill(Buffer.alloc(1), key));
      await rejectsWith('blob.key-invalid', () => store.local(key));
      await rejectsWith('blob.key-invalid', () => store.remove(key));
    }
    assert.deepEqual(await keysOf(store, 'tmp/'), [tmp]);
  }),
  withStore('an id that breaks the rule is refused before a byte is taken', async (store) => {
    for (const id of ['', '..', 'a/b', '../originals/x', 'a\0', '.x', 'a'.repeat(300)]) {
      await rejectsWith('blob.key-invalid', () => store.receive(id, pattern(1)));
    }
    assert.deepEqual(await keysOf(store, 'tmp/'), []);
  }),
  withStore('names of half-written files are no keys of blobs', async (store) => {
    for (const refused of [
      () => store.receive('x.part', pattern(1)),
      () => store.put('tmp/x.part', pattern(1)),
      () => store.commit('tmp/x.part', 'originals/x'),
      () => store.read('tmp/x.part'),
      () => store.fill(Buffer.alloc(1), 'tmp/x.part'),
      () => store.local('tmp/x.part'),
    ]) {
      await rejectsWith('blob.key-invalid', refused);
    }
    assert.deepEqual(await keysOf(store, 'tmp/'), []);
    await store.remove('tmp/x.part');
  }),
  withStore('only received bytes can be committed', async (store) => {
    await store.put('cache/x', pattern(1));
    await rejectsWith('blob.key-invalid', () => store.commit('cache/x', 'originals/x'));
    assert.ok(await store.stat('cache/x'));
  }),
  withStore('a prefix that breaks the rule, or does not end in a slash, is refused', async (store) => {
    await store.put('cache/x', pattern(1));
    for (const prefix of ['', '/', 'cache', '../', 'cache/../', '/cache/', 'cache//', 'cache/a\0/', 'cache/.x/']) {
      await rejectsWith('blob.key-invalid', () => keysOf(store, prefix));
      await rejectsWith('blob.key-invalid', () => store.removeAll(prefix));
    }
    assert.ok(await store.stat('cache/x'));
  }),
];
