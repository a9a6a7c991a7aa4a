import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { BlobError, type ByteRange } from '../port.ts';
import { isWithin, missing, outside } from '../refusals.ts';
import { diagnose, isMissing, refusedAs, unavailable } from './attempts.ts';
import type { Place } from './place.ts';
import { Passing, stalled } from './transport.ts';

const chunkBytes = 256 * 1024;
/** A stream that breaks off is taken up again this often without a byte in between. */
const resumptions = 3;

/** What the store sends of an object: from `start` to `end`, both included. */
interface Sent {
  response: IncomingMessage;
  etag: string | undefined;
  start: number;
  end: number;
}

/** Streams an object or a part of it. What breaks off is taken up where it broke, if the object is still the same one. */
export async function readObject(place: Place, key: string, range: ByteRange | undefined): Promise<Readable> {
  if (range && !isWithin(range)) throw outside(key, range);
  const first = await get(place, key, range);
  if (range && first.end !== range.end) {
    first.response.destroy();
    throw outside(key, range);
  }
  return Readable.from(bytesOf(place, key, first), { objectMode: false, highWaterMark: chunkBytes });
}

export async function fillFrom(place: Place, key: string, into: Uint8Array): Promise<void> {
  if (into.length === 0) return;
  let filled = 0;
  for await (const chunk of await readObject(place, key, { start: 0, end: into.length - 1 })) {
    into.set(chunk as Buffer, filled);
    filled += (chunk as Buffer).length;
  }
}

async function get({ client, bucket, nameOf, attempt }: Place, key: string, range?: ByteRange): Promise<Sent> {
  const { start, end } = range ?? { start: 0, end: -1 };
  const response = await attempt(() => client.getPartialObject(bucket, nameOf(key), start, end - start + 1)).catch(
    (error: unknown) => {
      if (isMissing(error)) throw missing(key, error);
      if (range && refusedAs(error, 'InvalidRange')) throw outside(key, range);
      throw error;
    },
  );
  if (!(response instanceof IncomingMessage)) throw new TypeError('the client gives what is no answer of HTTP');
  // From here on the reader sets the pace: a connection that waits for it does not stand still.
  response.setTimeout(0);
  const { etag, 'content-length': length, 'content-range': sent = '' } = response.headers;
  const last = range ? Number(/^bytes \d+-(\d+)/.exec(sent)?.[1]) : Number(length) - 1;
  return { response, etag, start, end: last };
}

async function* bytesOf(place: Place, key: string, first: Sent): AsyncGenerator<Buffer> {
  let { response } = first;
  let at = first.start;
  let fruitless = 0;
  while (true) {
    try {
      for await (const chunk of watched(response, place.patienceMs)) {
        at += chunk.length;
        fruitless = 0;
        yield chunk;
      }
      if (at > first.end) return;
      throw new Passing('broke off');
    } catch (error) {
      const seen = diagnose(error);
      if (!seen?.passing) throw error;
      if (seen.word === stalled || fruitless++ === resumptions) throw unavailable(place.endpoint, seen.word);
    }
    const next = await get(place, key, { start: at, end: first.end });
    if (next.etag !== first.etag || next.end !== first.end) {
      next.response.destroy();
      throw new BlobError('blob.unavailable', `'${key}' was replaced while the connection was lost: read it again`);
    }
    response = next.response;
  }
}

/** The chunks of an answer; fails when one is waited for too long. Time that the reader takes does not count. */
async function* watched(response: IncomingMessage, patienceMs: number): AsyncGenerator<Buffer> {
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    while (true) {
      const timer = setTimeout(() => response.destroy(new Passing(stalled)), patienceMs);
      const next = await chunks.next().finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    response.destroy();
  }
}
