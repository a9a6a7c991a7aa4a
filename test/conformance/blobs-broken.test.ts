import { jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BlobError, type BlobStore } from '../../drivers/blobs/port.ts';
import { openFsBlobs } from '../../drivers/blobs/fs.ts';
import { blobsCases } from './blobs.ts';
import { firstFailure } from './failures.ts';

// Those beside each other share the disk and the processors.
jest.setTimeout(240_000);

const root = await mkdtemp(join(tmpdir(), 'vitrail-broken-blobs-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const open = (place: string): Promise<BlobStore> => openFsBlobs({ root: join(root, place) });

type Breakage = (good: BlobStore) => Partial<BlobStore>;

/** One broken promise each. */
const breakages: Record<string, Breakage> = {
  'shows a blob before it is whole': (good) => ({
    async receive(id, source, options) {
      await good.put(`tmp/${id}`, new Uint8Array());
      return good.receive(id, source, options);
    },
  }),
  'hashes the last chunk only': (good) => ({
    async receive(id, source, options) {
      let last: Uint8Array = new Uint8Array();
      async function* watched(): AsyncGenerator<Uint8Array> {
        for await (const chunk of source instanceof Uint8Array ? [source] : source) yield (last = chunk);
      }
      const received = await good.receive(id, watched(), options);
      return { ...received, sha256: createHash('sha256').update(last).digest('hex') };
    },
  }),
  'knows no limit': (good) => ({
    receive: (id, source, options) => good.receive(id, source, { ...options, maxBytes: undefined }),
  }),
  'allows one byte less': (good) => ({
    receive: (id, source, options = {}) => good.receive(id, source, { ...options, maxBytes: (options.maxBytes ?? Infinity) - 1 }),
  }),
  'keeps chunks that their source uses again': (good) => ({
    async receive(id, source, options) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of source instanceof Uint8Array ? [source] : source) {
        chunks.push(chunk);
        if (chunks.length % 20 === 0) await Promise.resolve();
      }
      return good.receive(id, Readable.from(chunks), options);
    },
  }),
  'has a memory of its own of what is there': (good) => {
    const known = new Map<string, Awaited<ReturnType<BlobStore['stat']>>>();
    return {
      async stat(key) {
        if (!known.has(key)) known.set(key, await good.stat(key));
        return known.get(key) ?? null;
      },
      async put(key, source, options) {
        known.delete(key);
        return good.put(key, source, options);
      },
      async remove(key) {
        await good.remove(key);
        known.delete(key);
      },
    };
  },
  'takes the name of a half-written file for a key': (good) => ({
    put: (key, source, options) => good.put(key.replace(/\.part$/, '-part'), source, options),
  }),
  'keeps what a failed source gave': (good) => ({
    receive: (id, source, options) =>
      good.receive(id, source, options).catch(async (error: unknown) => {
        await good.put(`tmp/${id}`, new Uint8Array(9));
        throw error;
      }),
  }),
  'knows no abort': (good) => ({ put: (key, source, options) => good.put(key, source, { ...options, signal: undefined }) }),
  'never lets go of a source': (good) => ({
    receive: (id, source, options) =>
      good.receive(
        id,
        source instanceof Uint8Array ? source : { [Symbol.asyncIterator]: () => ({ next: iteratorOf(source) }) },
        options,
      ),
  }),
  'cannot commit twice': (good) => ({
    async commit(tmp, key) {
      if (!(await good.stat(tmp))) throw new BlobError('blob.missing', tmp);
      return good.commit(tmp, key);
    },
  }),
  'copies where it should move': (good) => ({
    async commit(tmp, key) {
      if (await good.stat(tmp)) await good.put(key, await good.read(tmp));
      else return good.commit(tmp, key);
    },
  }),
  'says nothing of bytes that are lost': (good) => ({
    commit: (tmp, key) =>
      good.commit(tmp, key).catch((error: unknown) => {
        if (!(error instanceof BlobError) || error.code !== 'blob.missing') throw error;
      }),
  }),
  'commits anything': (good) => ({
    async commit(tmp, key) {
      if (tmp.startsWith('tmp/')) return good.commit(tmp, key);
      await good.put(key, await good.read(tmp));
    },
  }),
  'keeps the first of two puts': (good) => ({
    put: async (key, source, options) => (await good.stat(key)) ?? good.put(key, source, options),
  }),
  'removes before it writes': (good) => ({
    async put(key, source, options) {
      await good.remove(key);
      return good.put(key, source, options);
    },
  }),
  'takes the end of a range as the first byte not to send': (good) => ({
    read: (key, range) => good.read(key, range && { start: range.start, end: Math.max(range.start, range.end - 1) }),
  }),
  'shortens a range that is too long': (good) => ({
    async read(key, range) {
      const bytes = (await good.stat(key))?.bytes ?? 0;
      return good.read(key, range && { start: range.start, end: Math.min(range.end, bytes - 1) });
    },
  }),
  'reads a blob that is not there as an empty one': (good) => ({
    read: async (key, range) => ((await good.stat(key)) ? good.read(key, range) : Readable.from([])),
  }),
  'fails where it should answer null': (good) => ({
    async stat(key) {
      const found = await good.stat(key);
      if (!found) throw new BlobError('blob.missing', key);
      return found;
    },
  }),
  'minds removing what is not there': (good) => ({
    async remove(key) {
      if (!(await good.stat(key))) throw new BlobError('blob.missing', key);
      return good.remove(key);
    },
  }),
  'removes the neighbours too': (good) => ({ removeAll: (prefix) => good.removeAll(prefix.replace(/[^/]+\/$/, '') || prefix) }),
  'lists but the first': (good) => ({
    async *list(prefix) {
      for await (const info of good.list(prefix)) return yield info;
    },
  }),
  'lists wrong lengths': (good) => ({
    async *list(prefix) {
      for await (const info of good.list(prefix)) yield { ...info, bytes: info.bytes + 1 };
    },
  }),
  'mends bad keys': (good) => ({ stat: (key) => good.stat(key.replaceAll('..', 'x')) }),
  'throws errors without a code': (good) => ({
    read: (key, range) =>
      good.read(key, range).catch((error: unknown) => {
        throw new Error(String(error));
      }),
  }),
  'fills all but the last byte': (good) => ({ fill: (into, key) => good.fill(into.subarray(0, -1), key) }),
  'fills the rest with nothing': (good) => ({
    fill: (into, key) =>
      good.fill(into, key).catch((error: unknown) => {
        if (!(error instanceof BlobError) || error.code !== 'blob.range') throw error;
      }),
  }),
  'gives a local file of something else': (good) => ({
    local: async (key) => ({ ...(await good.local(key)), path: import.meta.filename }),
  }),
};

function iteratorOf(source: AsyncIterable<Uint8Array>): () => Promise<IteratorResult<Uint8Array>> {
  const iterator = source[Symbol.asyncIterator]();
  return () => iterator.next();
}

describe('the conformance suite of blob stores', () => {
  it('passes the fs driver', async () => {
    expect(await firstFailure(blobsCases, open)).toBeNull();
  });

  // Beside each other: much of it is waiting for the disk.
  it.concurrent.each(Object.entries(breakages))('fails a store that %s', async (_, broken) => {
    const failure = await firstFailure(blobsCases, async (place) => {
      const good = await open(place);
      return { ...good, ...broken(good) };
    });
    expect(failure).not.toBeNull();
  });

  it('fails a store that forgets when it is closed', async () => {
    let opened = 0;
    const failure = await firstFailure(blobsCases, (place) => open(`${place}-${opened++}`));
    expect(failure).toContain('opened again');
  });
});
