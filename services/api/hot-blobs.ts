import type { BlobStore } from '../../drivers/blobs/port.ts';
import { bufferPool } from './buffer-pool.ts';
import { frequencies } from './frequencies.ts';

export interface HotBlobsOptions {
  blobs: Pick<BlobStore, 'fill'>;
  /** The largest blob that is read as a whole, in bytes. */
  wholeBytes: number;
  /** What is kept altogether, in bytes; as much again may be on its way to clients. */
  maxBytes: number;
}

/** The bytes of a blob until `done` is called: they may be overwritten after that. */
export interface Lent {
  content: Buffer;
  done(): void;
}

/**
 * Small blobs as a whole, those asked for often from memory: for a picture of a page, opening and closing its file, or asking a
 * store for it, costs more than sending it. A key names bytes that never change; whether they may still be shown is for the caller
 * to ask first.
 */
export interface HotBlobs {
  /** Nothing for a blob that is too large, and while too much is on its way: it has to be streamed then. */
  whole(key: string, bytes: number): Promise<Lent> | undefined;
}

const nothing = (): void => undefined;

export function hotBlobs({ blobs, wholeBytes, maxBytes }: HotBlobsOptions): HotBlobs {
  const asked = frequencies(4096);
  const buffers = bufferPool({ bytes: wholeBytes, count: Math.floor(maxBytes / wholeBytes) });
  /** The least recently used one first. */
  const kept = new Map<string, Buffer>();
  let size = 0;

  function drop(key: string): void {
    size -= kept.get(key)?.length ?? 0;
    kept.delete(key);
  }

  /** Makes room by those that are asked for half as often; without it, a walk through more than fits would throw everything out. */
  function admits(key: string, bytes: number): boolean {
    for (const oldest of kept.keys()) {
      if (size + bytes <= maxBytes) break;
      if (asked.count(oldest) * 2 >= asked.count(key)) return false;
      drop(oldest);
    }
    return true;
  }

  function keep(key: string, content: Buffer): void {
    if (kept.has(key) || !admits(key, content.length)) return;
    kept.set(key, Buffer.from(content));
    size += content.length;
  }

  async function readInto(buffer: Buffer, key: string, bytes: number): Promise<Lent> {
    const content = buffer.subarray(0, bytes);
    try {
      await blobs.fill(content, key);
    } catch (error) {
      buffers.give(buffer);
      throw error;
    }
    keep(key, content);
    return { content, done: () => buffers.give(buffer) };
  }

  return {
    whole(key, bytes) {
      if (bytes > wholeBytes) return undefined;
      asked.add(key);
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
        return Promise.resolve({ content: found, done: nothing });
      }
      const buffer = buffers.take();
      return buffer && readInto(buffer, key, bytes);
    },
  };
}
