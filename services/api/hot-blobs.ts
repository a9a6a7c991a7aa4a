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

interface Entry {
  bytes: number;
  content: Promise<Buffer>;
}

export function hotBlobs({ blobs, wholeBytes, maxBytes }: HotBlobsOptions): HotBlobs {
  const asked = frequencies(4096);
  /** The least recently used one first. */
  const kept = new Map<string, Entry>();
  /** Who asks while a blob is being read waits for the same reading. */
  const underWay = new Map<string, Promise<Buffer>>();
  let size = 0;
  let lent = 0;

  function drop(key: string): void {
    size -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  }

  /** Makes room by those that are asked for less often; without it, a walk through more than fits would throw everything out. */
  function admits(key: string, bytes: number): boolean {
    for (const oldest of kept.keys()) {
      if (size + bytes <= maxBytes) break;
      if (asked.count(oldest) >= asked.count(key)) return false;
      drop(oldest);
    }
    return true;
  }

  async function read(key: string, bytes: number): Promise<Buffer> {
    const content = await readWhole(await blobs.read(key), bytes);
    if (!kept.has(key) && admits(key, bytes)) {
      kept.set(key, { bytes, content: Promise.resolve(content) });
      size += bytes;
    }
    return content;
  }

  return {
    whole(key, bytes) {
      if (bytes > wholeBytes || lent + bytes > maxBytes) return undefined;
      asked.add(key);
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
        return found.content;
      }
      const running = underWay.get(key);
      if (running) return running;
      const content = read(key, bytes).finally(() => underWay.delete(key));
      underWay.set(key, content);
      return content;
    },
    lend(bytes) {
      lent += bytes;
      return { done: () => void (lent -= bytes) };
    },
  };
}

/** How often keys were asked for of late: with every `window` questions what lies back counts half (TinyLFU, Einziger 2017). */
function frequencies(window: number): { add(key: string): void; count(key: string): number } {
  let recent = new Map<string, number>();
  let before = new Map<string, number>();
  let questions = 0;
  const count = (key: string): number => (recent.get(key) ?? 0) + (before.get(key) ?? 0) / 2;
  return {
    count,
    add(key) {
      recent.set(key, (recent.get(key) ?? 0) + 1);
      questions += 1;
      if (questions < window) return;
      before = recent;
      recent = new Map();
      questions = 0;
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
