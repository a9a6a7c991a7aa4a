import { setImmediate } from 'node:timers/promises';
import type { Received } from '../../../drivers/blobs/port.ts';
import { partsOf, PartStore } from './store.ts';
import { Readable } from 'node:stream';

async function* chunks(sizes: readonly number[], error?: Error): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield Uint8Array.from({ length: size }, () => at++ % 251);
    await setImmediate();
  }
  if (error) throw error;
}

async function read(parts: AsyncIterable<AsyncIterable<Uint8Array>>, into: number[][]): Promise<void> {
  for await (const part of parts) {
    const bytes: number[] = [];
    for await (const chunk of part) bytes.push(...chunk);
    into.push(bytes);
  }
}

describe('parts of a stream', () => {
  it.each([
    [[3, 3, 3], 5, [5, 4]],
    [[10], 4, [4, 4, 2]],
    [[4, 4], 4, [4, 4]],
    [[1, 1, 1], 100, [3]],
    [[], 4, []],
  ])('of chunks %j, up to %d bytes each, are %j, with no byte lost or moved', async (sizes, size, expected) => {
    const parts: number[][] = [];
    await read(partsOf(chunks(sizes), size), parts);
    expect(parts.map(({ length }) => length)).toEqual(expected);
    expect(parts.flat()).toEqual(Array.from({ length: sizes.reduce((sum, n) => sum + n, 0) }, (_, n) => n % 251));
  });

  it('end where the stream fails, and the failure is told after the last of them', async () => {
    const parts: number[][] = [];
    await expect(read(partsOf(chunks([3, 3], new Error('cut')), 4), parts)).rejects.toThrow('cut');
    expect(parts.map(({ length }) => length)).toEqual([4, 2]);
  });
});

it('a part that another edge was faster with is not counted', async () => {
  const kept: string[] = [];
  const store = new PartStore({
    blobs: {
      async receive(id, source) {
        let bytes = 0;
        for await (const chunk of source as AsyncIterable<Uint8Array>) bytes += chunk.length;
        kept.push(id);
        return { tmp: `tmp/${id}`, sha256: '', bytes } satisfies Received;
      },
    },
    find: () => Promise.reject(new Error('not asked')),
    open: () => Promise.reject(new Error('not asked')),
    terminate: () => Promise.resolve(),
    append: (id, offset, { bytes }) =>
      offset === 8
        ? Promise.reject(new Error('the upload is elsewhere'))
        : Promise.resolve({ id, state: 'open', filename: '', bytes: 100, offset: offset + bytes, createdAt: '' }),
    expiryMs: 1000,
    partBytes: 4,
  });
  await expect(store.write(Readable.from(chunks([12])), 'U', 0)).rejects.toThrow('elsewhere');
  expect(kept).toHaveLength(3);
  expect(new Set(kept).size).toBe(3);
  expect(kept.every((id) => /^U\.\w{26}$/.test(id))).toBe(true);
});
