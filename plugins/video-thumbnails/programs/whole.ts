import type { FileHandle } from 'node:fs/promises';
import type { WholeFrame } from '../reader.ts';
import { sizeOf } from './ppm.ts';

/** The binary PPMs that ffmpeg wrote one after another, all of one size; each is read when it is asked for. */
export async function framesIn(file: FileHandle): Promise<WholeFrame[]> {
  const head = Buffer.alloc(64);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  const size = sizeOf(head.subarray(0, bytesRead));
  if (!size) return [];
  const { width, height, headerBytes, bytes } = size;
  const { size: length } = await file.stat();
  return Array.from({ length: Math.floor(length / (headerBytes + bytes)) }, (_none, i) => ({
    width,
    height,
    async read() {
      const data = Buffer.allocUnsafe(bytes);
      await file.read(data, 0, bytes, i * (headerBytes + bytes) + headerBytes);
      return { data, width, height, channels: 3 as const };
    },
  }));
}
