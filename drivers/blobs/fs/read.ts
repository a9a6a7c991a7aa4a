import { createReadStream, close as closeFd, fstat, open, type Stats } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { BlobError, type ByteRange } from '../port.ts';
import { hasCode } from './errno.ts';

const openFile = promisify(open);
const closeFile = promisify(closeFd);
const statFile = promisify<number, Stats>(fstat);
const chunkBytes = 256 * 1024;

export const missing = (key: string, cause?: unknown): BlobError =>
  new BlobError('blob.missing', `there is no blob '${key}'`, { cause });

/** Streams a file or a part of it; it stays the same file to its end, even where the blob is put again or removed meanwhile. */
export async function readFile(path: string, key: string, range: ByteRange | undefined): Promise<Readable> {
  const fd = await openFile(path, 'r').catch((error: unknown) => {
    throw hasCode(error, 'ENOENT', 'ENOTDIR') ? missing(key, error) : error;
  });
  try {
    const stats = await statFile(fd);
    if (!stats.isFile()) throw missing(key);
    const { start, end } = range ?? { start: 0, end: stats.size - 1 };
    if (range && !(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end < stats.size)) {
      throw new BlobError('blob.range', `bytes ${start}–${end} are not within the ${stats.size} bytes of '${key}'`);
    }
    if (end >= start) return createReadStream('', { fd, start, end, highWaterMark: chunkBytes });
  } catch (error) {
    await closeFile(fd);
    throw error;
  }
  await closeFile(fd);
  return Readable.from([]);
}
