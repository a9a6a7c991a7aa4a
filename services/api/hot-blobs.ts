import type { Readable } from 'node:stream';
import type { BlobStore } from '../../drivers/blobs/port.ts';

export interface HotBlobsOptions {
  blobs: Pick<BlobStore, 'read'>;
  /** The largest blob that is read as a whole, in bytes. */
  wholeBytes: number;
  /** What is kept altogether, in bytes; as much again may be on its way to slow clients. */
  maxBytes: number;
}

/**
 * Small blobs as a whole, those asked for of late from memory: for a picture of a page, opening and closing its file costs more
 * than sending it. A key names bytes that never change; whether they may still be shown is for the caller to ask first.
 */
export interface HotBlobs {
  /** Nothing for a blob that is too large, and while too much is on its way: it has to be streamed then. */
  whole(key: string, bytes: number): Promise<Buffer> | undefined;
  /** Tells that a client is being sent that many bytes, until `done` is called. */
  lend(bytes: number): { done(): void };
}

export function hotBlobs({ blobs, wholeBytes, maxBytes }: HotBlobsOptions): HotBlobs {
  /** The least recently used one first. Who asks while a blob is being read waits for the same reading. */
  const kept = new Map<string, { bytes: number; content: Promise<Buffer> }>();
  let size = 0;
  let lent = 0;

  function drop(key: string): void {
    size -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  }

  return {
    whole(key, bytes) {
      if (bytes > wholeBytes || lent + bytes > maxBytes) return undefined;
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
        return found.content;
      }
      const content = blobs.read(key).then((stream) => readWhole(stream, bytes));
      const entry = { bytes, content };
      content.catch(() => {
        if (kept.get(key) === entry) drop(key);
      });
      kept.set(key, entry);
      size += bytes;
      for (const oldest of kept.keys()) {
        if (size <= maxBytes) break;
        drop(oldest);
      }
      return content;
    },
    lend(bytes) {
      lent += bytes;
      return { done: () => void (lent -= bytes) };
    },
  };
}

function readWhole(stream: Readable, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let read = 0;
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      read += chunk.length;
    });
    stream.once('error', reject);
    stream.once('end', () => {
      const [first] = chunks;
      if (read !== bytes) reject(new Error(`the blob has ${read} bytes where ${bytes} were to be sent`));
      else resolve(first && chunks.length === 1 ? first : Buffer.concat(chunks));
    });
  });
}
