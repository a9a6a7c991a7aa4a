import { createReadStream, close as closeFd, fstat, open, read, type Stats } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { hasCode } from '../errno.ts';
import type { ByteRange } from '../port.ts';
import { isWithin, missing, outside } from '../refusals.ts';

const openFile = promisify(open);
const closeFile = promisify(closeFd);
const statFile = promisify<number, Stats>(fstat);
const readBytes = promisify(read);
const chunkBytes = 256 * 1024;

const opened = (path: string, key: string): Promise<number> =>
  openFile(path, 'r').catch((error: unknown) => {
    throw hasCode(error, 'ENOENT', 'ENOTDIR') ? missing(key, error) : error;
  });

/** Streams a file or a part of it; it stays the same file to its end, even where the blob is put again or removed meanwhile. */
export async function readFile(path: string, key: string, range: ByteRange | undefined): Promise<Readable> {
  const fd = await opened(path, key);
  try {
    const stats = await statFile(fd);
    if (!stats.isFile()) throw missing(key);
    if (range && !isWithin(range, stats.size)) throw outside(key, range, stats.size);
    const { start, end } = range ?? { start: 0, end: stats.size - 1 };
    if (end >= start) return createReadStream('', { fd, start, end, highWaterMark: chunkBytes });
  } catch (error) {
    await closeFile(fd);
    throw error;
  }
  await closeFile(fd);
  return Readable.from([]);
}

export async function fillFrom(path: string, key: string, into: Uint8Array): Promise<void> {
  const fd = await opened(path, key);
  try {
    for (let filled = 0; filled < into.length;) {
      const { bytesRead } = await readBytes(fd, into, filled, into.length - filled, filled);
      if (bytesRead === 0) throw outside(key, { start: 0, end: into.length - 1 }, filled);
      filled += bytesRead;
    }
  } catch (error) {
    throw hasCode(error, 'EISDIR') ? missing(key, error) : error;
  } finally {
    // Nobody has to wait for it, and there is nothing that could be done about a failure.
    closeFile(fd).catch(() => undefined);
  }
}
