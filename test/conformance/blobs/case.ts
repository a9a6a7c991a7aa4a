import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { BlobError, type BlobErrorCode, type BlobInfo, type BlobStore, type ByteRange } from '../../../drivers/blobs/port.ts';

/** Gives an empty store; with a `place` given before, the store of then, which has been closed. */
export type OpenBlobs = (place: string) => Promise<BlobStore>;

export interface BlobsCase {
  title: string;
  run(open: OpenBlobs): Promise<void>;
}

/** A case that needs one store; afterwards its sources are ended and the store is closed. */
export function withStore(title: string, check: (store: BlobStore, paused: Pause) => Promise<void>): BlobsCase {
  return {
    title,
    async run(open) {
      const store = await open(randomBytes(8).toString('hex'));
      const sources: PausedSource[] = [];
      const pause: Pause = (...chunks) => {
        const source = paused(chunks);
        sources.push(source);
        return source;
      };
      try {
        await check(store, pause);
      } finally {
        for (const { finish } of sources) finish();
        await store.close();
      }
    },
  };
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const bytesOf = async (store: BlobStore, key: string, range?: ByteRange): Promise<Buffer> =>
  buffer(await store.read(key, range));

export async function keysOf(store: BlobStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys.sort();
}

export async function listed(store: BlobStore, prefix: string): Promise<BlobInfo[]> {
  const infos: BlobInfo[] = [];
  for await (const info of store.list(prefix)) infos.push(info);
  return infos;
}

/** Bytes that differ from place to place, so that a part taken from the wrong place is seen. */
export function pattern(length: number): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let i = 0; i < words.length; i++) words[i] = i * 2654435761;
  return Buffer.from(words.buffer, 0, length);
}

export async function rejectsWith(code: BlobErrorCode, what: () => Promise<unknown>): Promise<void> {
  await assert.rejects(what, (error: unknown) => {
    assert.ok(error instanceof BlobError, `a BlobError was expected, not ${String(error)}`);
    assert.equal(error.code, code);
    return true;
  });
}

/** A source that gives its chunks and then waits: a write that is under way for as long as the case likes. */
export interface PausedSource {
  source: AsyncIterable<Uint8Array>;
  /** Waits until the write has taken the chunks; rejects where the write fails before. */
  taken(write: Promise<unknown>): Promise<void>;
  finish(): void;
  fail(error: Error): void;
}
export type Pause = (...chunks: Uint8Array[]) => PausedSource;

function paused(chunks: Uint8Array[]): PausedSource {
  const given = Promise.withResolvers<void>();
  const rest = Promise.withResolvers<void>();
  rest.promise.catch(() => undefined);
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks;
    given.resolve();
    await rest.promise;
  }
  return {
    source: source(),
    async taken(write) {
      await Promise.race([given.promise, write]);
    },
    finish: () => rest.resolve(),
    fail: (error) => rest.reject(error),
  };
}
