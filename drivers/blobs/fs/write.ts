import { createHash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { BlobError, type Bytes, type WriteOptions } from '../port.ts';
import { aborted, pull } from '../pull.ts';

const blockBytes = 512 * 1024;

/** Unwritten bytes are handed to the disk this often, so that the fsync at the end of a large file finds little left to do. */
const flushEveryBytes = 32 * 1024 * 1024;

export interface Written {
  bytes: number;
  /** Lower-case hex; empty where no hash was asked for. */
  sha256: string;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

/** Writes a new file whole and durably, or leaves none. Memory in use: two blocks, however large the source. */
export async function writeFile(path: string, source: Bytes, options: WriteOptions & { hash: boolean }): Promise<Written> {
  const file = await open(path, 'wx');
  try {
    const filled = await fill(file, source, options);
    if (options.durable !== false) await file.sync();
    const { mtimeMs } = await file.stat();
    await file.close();
    if (options.signal?.aborted) throw aborted(options.signal);
    return { ...filled, modifiedAt: Math.floor(mtimeMs) };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

async function fill(
  file: FileHandle,
  source: Bytes,
  { hash, maxBytes = Infinity, signal }: WriteOptions & { hash: boolean },
): Promise<Omit<Written, 'modifiedAt'>> {
  const sha256 = hash ? createHash('sha256') : null;
  const disk = diskWriter(file);
  let block: Buffer = Buffer.allocUnsafe(blockBytes);
  let spare: Buffer | undefined;
  let used = 0;
  let bytes = 0;

  const flush = async (): Promise<void> => {
    const full = block;
    await disk.write(full.subarray(0, used));
    // Hashing happens while the disk writes the same block; meanwhile the source fills the other one.
    sha256?.update(full.subarray(0, used));
    block = spare ?? Buffer.allocUnsafe(blockBytes);
    spare = full;
    used = 0;
  };

  try {
    for await (const chunk of pull(source, signal)) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new BlobError('blob.too-large', `the source has more than the ${maxBytes} bytes allowed`);
      for (let from = 0; from < chunk.byteLength;) {
        const part = chunk.subarray(from, from + blockBytes - used);
        block.set(part, used);
        used += part.byteLength;
        from += part.byteLength;
        if (used === blockBytes) await flush();
      }
    }
    if (used > 0) await flush();
  } finally {
    await disk.settled();
  }
  await disk.written();
  return { bytes, sha256: sha256?.digest('hex') ?? '' };
}

/** One block in the air at a time: `write` starts its block when the one before is written. */
function diskWriter(file: FileHandle): {
  write(block: Buffer): Promise<void>;
  written(): Promise<void>;
  settled(): Promise<void>;
} {
  let writing = Promise.resolve();
  let flushing = Promise.resolve();
  let flushed = true;
  let dirty = 0;
  return {
    async write(block) {
      await writing;
      writing = file.writeFile(block);
      writing.catch(() => undefined); // told by the next write, or by written()
      dirty += block.byteLength;
      if (dirty < flushEveryBytes || !flushed) return;
      dirty = 0;
      flushed = false;
      flushing = file.datasync().then(() => void (flushed = true));
      flushing.catch(() => undefined);
    },
    async written() {
      await writing;
      await flushing;
    },
    /** The file may be closed, however it went. */
    async settled() {
      await Promise.allSettled([writing, flushing]);
    },
  };
}
