import { createHash } from 'node:crypto';
import { finished } from 'node:stream/promises';
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
    const digest = sha256?.digest('hex') ?? '';
    await sender.finish(block.bytes(), digest, signal);
    return { bytes, sha256: digest };
  } catch (error) {
    await sender.abandon(error);
    throw error;
  }
}

interface PartSender {
  /** Starts to send a part when the one before has been sent. */
  send(part: Buffer): Promise<void>;
  /** Sends what is left and gives the object its name. `sha256` is that of the whole, if it is known. */
  finish(last: Buffer, sha256: string, signal: AbortSignal | undefined): Promise<void>;
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
    async finish(last, sha256, signal) {
      await sending;
      if (signal?.aborted) throw aborted(signal);
      if (!parts) {
        await attempt(() => putWhole(place, name, last, sha256));
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

/** The client signs the hash of what it sends over plain HTTP, and would make it once more. */
async function putWhole({ client, bucket }: Place, name: string, whole: Buffer, sha256: string): Promise<void> {
  const request = { method: 'PUT', bucketName: bucket, objectName: name };
  if (!client.enableSHA256 || sha256 === '') {
    await client.makeRequestAsyncOmit(request, whole);
    return;
  }
  const headers = { 'content-length': String(whole.length) };
  const response = await client.makeRequestStreamAsync({ ...request, headers }, whole, sha256, [200], '');
  await finished(response.resume());
}
