import { createHash } from 'node:crypto';
import { BlobError, type Bytes, type WriteOptions } from '../port.ts';
import { aborted, pull } from '../pull.ts';
import { growingBlock, type Block } from './block.ts';
import { beginParts, maxParts, type Parts } from './parts.ts';
import type { Place } from './place.ts';

/** A part is sent from memory, so that it can be sent again. */
const partBytes = 8 * 1024 * 1024;

export interface Written {
  bytes: number;
  /** Lower-case hex; empty where no hash was asked for. */
  sha256: string;
}

/**
 * Writes an object whole or not at all: by one request where it fits into a part, else in parts. Memory in use: two parts, of which one
 * fills while the other is sent; less for what is small.
 */
export async function upload(
  place: Place,
  name: string,
  source: Bytes,
  { hash, maxBytes = Infinity, signal }: WriteOptions & { hash: boolean },
): Promise<Written> {
  const sha256 = hash ? createHash('sha256') : null;
  const size = Number.isFinite(maxBytes) ? Math.max(partBytes, Math.ceil(maxBytes / maxParts)) : partBytes;
  const sender = partSender(place, name);
  let block = growingBlock(size);
  let spare: Block | undefined;
  let bytes = 0;
  try {
    for await (const chunk of pull(source, signal)) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new BlobError('blob.too-large', `the source has more than the ${maxBytes} bytes allowed`);
      for (let rest = chunk; rest.byteLength > 0;) {
        // Sent when there is more, so that the last part is known as such.
        if (block.isFull()) {
          await sender.send(block.bytes());
          sha256?.update(block.bytes());
          [block, spare] = [spare ?? growingBlock(size), block];
          block.clear();
        }
        rest = rest.subarray(block.take(rest));
      }
    }
    sha256?.update(block.bytes());
    await sender.finish(block.bytes(), signal);
  } catch (error) {
    await sender.abandon(error);
    throw error;
  }
  return { bytes, sha256: sha256?.digest('hex') ?? '' };
}

interface PartSender {
  /** Starts to send a part when the one before has been sent. */
  send(part: Buffer): Promise<void>;
  /** Sends what is left and gives the object its name. */
  finish(last: Buffer, signal: AbortSignal | undefined): Promise<void>;
  abandon(why: unknown): Promise<void>;
}

function partSender(place: Place, name: string): PartSender {
  const { client, bucket, attempt } = place;
  let parts: Parts | undefined;
  let sent = 0;
  let sending = Promise.resolve();

  async function sendPart(part: Buffer): Promise<void> {
    parts ??= await beginParts(place, name);
    const partNumber = ++sent;
    await parts.add(partNumber, async (uploadID) => {
      const { etag } = await client.uploadPart({ bucketName: bucket, objectName: name, uploadID, partNumber, headers: {} }, part);
      return etag;
    });
  }
  async function send(part: Buffer): Promise<void> {
    await sending;
    sending = sendPart(part);
    sending.catch(() => undefined); // told by the next send, or by finish
  }

  return {
    send,
    async finish(last, signal) {
      await sending;
      if (signal?.aborted) throw aborted(signal);
      if (!parts) {
        await attempt(() => client.makeRequestAsyncOmit({ method: 'PUT', bucketName: bucket, objectName: name }, last));
        return;
      }
      await sendPart(last);
      if (signal?.aborted) throw aborted(signal);
      await parts.complete();
    },
    async abandon(why) {
      await sending.catch(() => undefined);
      const abandoned = parts?.abandon();
      // Whoever hears that the store is away does not wait for it once more.
      if (!(why instanceof BlobError && why.code === 'blob.unavailable')) await abandoned;
    },
  };
}
