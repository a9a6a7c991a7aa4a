import type { FileHandle } from 'node:fs/promises';
import type { RawPixels } from '../../sdk/index.ts';
import type { WholeFrame } from '../reader.ts';
import { sizeOf } from './ppm.ts';

/** Binary PPMs that ffmpeg wrote into a file one after another. It keeps to the size of the first one. */
export async function picturesIn(file: FileHandle) {
  const head = Buffer.alloc(64);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  const size = sizeOf(head.subarray(0, bytesRead));
  const { width, height, headerBytes, bytes } = size ?? { width: 0, height: 0, headerBytes: 0, bytes: 0 };
  const each = headerBytes + bytes;
  const count = size ? Math.floor((await file.stat()).size / each) : 0;
  const pixels = (data: Buffer): RawPixels => ({ data, width, height, channels: 3 });

  return {
    /** The picture of that number, read when it is asked for; undefined where there are not as many. */
    at(number: number): WholeFrame | undefined {
      if (number >= count) return undefined;
      return {
        width,
        height,
        async read() {
          const data = Buffer.allocUnsafe(bytes);
          await file.read(data, 0, bytes, number * each + headerBytes);
          return pixels(data);
        },
      };
    },
    /** Fewer than twice `most` of them, evenly, with their numbers. */
    async some(most: number): Promise<{ number: number; item: RawPixels }[]> {
      let every = 1;
      while (count / every >= 2 * most) every *= 2;
      const numbers = Array.from({ length: Math.ceil(count / every) }, (_none, i) => i * every);
      // One piece of memory for all of them, as each would be a call of the garbage collector nearer.
      const data = Buffer.allocUnsafe(numbers.length * each);
      if (every === 1) await file.read(data, 0, data.length, 0);
      else for (const [i, number] of numbers.entries()) await file.read(data, i * each, each, number * each);
      return numbers.map((number, i) => ({ number, item: pixels(data.subarray(i * each + headerBytes, (i + 1) * each)) }));
    },
  };
}
