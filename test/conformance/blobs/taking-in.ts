import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { ulid } from 'ulid';
import { bytesOf, keysOf, pattern, rejectsWith, sha256, withStore, type BlobsCase } from './case.ts';

/** Taking bytes in, and giving them their place. */
export const takingIn: BlobsCase[] = [
  withStore('receive gives the temporary key, the hash and the length, and the bytes can be read there', async (store) => {
    const bytes = pattern(1_500_001);
    const id = ulid();
    const received = await store.receive(
      id,
      Readable.from([bytes.subarray(0, 7), bytes.subarray(7, 900_000), bytes.subarray(900_000)]),
    );
    assert.deepEqual(received, { tmp: `tmp/${id}`, sha256: sha256(bytes), bytes: bytes.length });
    assert.ok(bytes.equals(await bytesOf(store, received.tmp)));
  }),
  withStore('receive takes many small chunks, one large one, bytes at once and no bytes at all', async (store) => {
    const bytes = pattern(200_000);
    const small = Array.from({ length: 2000 }, (_, i) => bytes.subarray(i * 100, i * 100 + 100));
    for (const source of [Readable.from(small), Readable.from([bytes]), bytes]) {
      assert.equal((await store.receive(ulid(), source)).sha256, sha256(bytes));
    }
    const empty = await store.receive(ulid(), Readable.from([]));
    assert.deepEqual([empty.bytes, empty.sha256], [0, sha256(Buffer.alloc(0))]);
    assert.equal((await bytesOf(store, empty.tmp)).length, 0);
  }),
  withStore('receive keeps every byte of what no buffer holds, from a source that uses its own again', async (store) => {
    const all = pattern(20_000_003);
    const chunk = Buffer.alloc(999_983);
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let from = 0; from < all.length; from += chunk.length) yield chunk.subarray(0, all.copy(chunk, 0, from));
    }
    const received = await store.receive(ulid(), source());
    assert.deepEqual([received.bytes, received.sha256], [all.length, sha256(all)]);
    await store.commit(received.tmp, 'originals/large');
    assert.ok(all.equals(await bytesOf(store, 'originals/large')));
  }),
  withStore('what is being received is not to be seen before its last byte', async (store, paused) => {
    const id = ulid();
    const { source, taken, finish } = paused(pattern(900_000), pattern(900_000));
    const receiving = store.receive(id, source);
    await taken(receiving);
    assert.equal(await store.stat(`tmp/${id}`), null);
    assert.ok(!(await keysOf(store, 'tmp/')).includes(`tmp/${id}`));
    await rejectsWith('blob.missing', () => store.commit(`tmp/${id}`, 'originals/early'));
    finish();
    await receiving;
    assert.deepEqual(await keysOf(store, 'tmp/'), [`tmp/${id}`]);
  }),
  withStore('as many bytes as allowed are taken, one more leaves nothing', async (store) => {
    const id = ulid();
    assert.equal((await store.receive(id, pattern(1000), { maxBytes: 1000 })).bytes, 1000);
    await store.remove(`tmp/${id}`);
    await rejectsWith('blob.too-large', () =>
      store.receive(ulid(), Readable.from([pattern(600), pattern(401)]), { maxBytes: 1000 }),
    );
    await rejectsWith('blob.too-large', () => store.put('derived/a/b', pattern(1001), { maxBytes: 1000 }));
    assert.deepEqual([await keysOf(store, 'tmp/'), await keysOf(store, 'derived/')], [[], []]);
  }),
  withStore('a source with too many bytes is let go of', async (store) => {
    let released = false;
    async function* tooMany(): AsyncGenerator<Uint8Array> {
      try {
        for (let i = 0; i < 100; i++) yield pattern(100);
      } finally {
        released = true;
      }
    }
    await rejectsWith('blob.too-large', () => store.receive(ulid(), tooMany(), { maxBytes: 1000 }));
    assert.ok(released);
  }),
  withStore('a source that fails leaves nothing, and its own error is the cause', async (store, paused) => {
    const { source, taken, fail } = paused(pattern(700_000));
    const receiving = assert.rejects(store.receive(ulid(), source), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'blob.aborted');
      assert.match(String(error.cause), /cable cut/);
      return true;
    });
    await taken(receiving);
    fail(new Error('cable cut'));
    await receiving;
    assert.deepEqual(await keysOf(store, 'tmp/'), []);
  }),
  withStore('an abort ends a silent source at once, lets go of it and leaves nothing', async (store) => {
    const stop = new AbortController();
    const silent = Promise.withResolvers<void>();
    let released = false;
    let given = 0;
    const source: AsyncIterableIterator<Uint8Array> = {
      [Symbol.asyncIterator]: () => source,
      next: async () => {
        if (given++ < 3) return { value: pattern(70_000), done: false };
        silent.resolve();
        return new Promise(() => undefined);
      },
      return: async () => ((released = true), { value: undefined, done: true }),
    };
    const receiving = rejectsWith('blob.aborted', () => store.receive(ulid(), source, { signal: stop.signal }));
    await Promise.race([silent.promise, receiving]);
    stop.abort();
    await receiving;
    assert.ok(released);
    assert.deepEqual(await keysOf(store, 'tmp/'), []);
  }),
  withStore('a stream whose write is aborted is destroyed', async (store) => {
    const stop = new AbortController();
    const started = Promise.withResolvers<void>();
    const source = new Readable({ read: () => started.resolve() });
    source.push(pattern(70_000));
    const receiving = rejectsWith('blob.aborted', () => store.receive(ulid(), source, { signal: stop.signal }));
    await Promise.race([started.promise, receiving]);
    stop.abort();
    await receiving;
    assert.ok(source.destroyed);
    assert.deepEqual(await keysOf(store, 'tmp/'), []);
  }),
  withStore('nothing is written where the abort came first', async (store) => {
    const signal = AbortSignal.abort();
    await rejectsWith('blob.aborted', () => store.receive(ulid(), pattern(10), { signal }));
    await rejectsWith('blob.aborted', () => store.put('originals/x', pattern(10), { signal }));
    assert.deepEqual([await keysOf(store, 'tmp/'), await keysOf(store, 'originals/')], [[], []]);
  }),
  withStore('commit moves received bytes to their key', async (store) => {
    const bytes = pattern(5000);
    const { tmp, sha256: hash } = await store.receive(ulid(), bytes);
    await store.commit(tmp, `originals/${hash}`);
    assert.ok(bytes.equals(await bytesOf(store, `originals/${hash}`)));
    assert.equal(await store.stat(tmp), null);
  }),
  withStore('commit again does no harm, even with the temporary key gone', async (store) => {
    const bytes = pattern(5000);
    const first = await store.receive(ulid(), bytes);
    const key = `originals/${first.sha256}`;
    await store.commit(first.tmp, key);
    await store.commit(first.tmp, key);
    const second = await store.receive(ulid(), bytes);
    await store.commit(second.tmp, key);
    assert.ok(bytes.equals(await bytesOf(store, key)));
    assert.deepEqual(await keysOf(store, 'tmp/'), []);
  }),
  withStore('many commits of one key at the same time all succeed and leave one blob', async (store) => {
    const bytes = pattern(50_000);
    const received = await Promise.all(Array.from({ length: 20 }, () => store.receive(ulid(), bytes)));
    const key = `originals/${sha256(bytes)}`;
    await Promise.all([...received, ...received].map(({ tmp }) => store.commit(tmp, key)));
    assert.deepEqual(await keysOf(store, 'originals/'), [key]);
    assert.deepEqual(await keysOf(store, 'tmp/'), []);
    assert.ok(bytes.equals(await bytesOf(store, key)));
  }),
  withStore('commit of what was never received, to a key that is not there, is blob.missing', (store) =>
    rejectsWith('blob.missing', () => store.commit(`tmp/${ulid()}`, 'originals/none')),
  ),
];
