import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { BlobError, type BlobInfo, type BlobStore } from '../../drivers/blobs/port.ts';
import type { Again } from './records.ts';

/** What is copied. Renditions (`cache/`) can be made again, and `tmp/` is of uploads that nobody waits for any more. */
export const rooms = ['originals', 'derived'] as const;
export type Room = (typeof rooms)[number];

/** Blobs under way at once: enough to hide the way to a store, few enough for 16 MiB of parts each (docs/adr/0016). */
const atOnce = 4;
/** Damaged blobs that are named. */
const named = 20;

/** Bytes of the source are not what they should be: those of this blob, and of no other. */
class Damaged extends Error {}

export interface RoomTally {
  source: number;
  bytes: number;
  /** Written now, and there before: whole, and where the key is the sha256 of the bytes, with that sha256. */
  copied: number;
  there: number;
  damaged: number;
}

export interface BlobCopy {
  from: BlobStore;
  to: BlobStore;
  again: Again;
  signal: AbortSignal;
  /** Told of a blob that is done with, and of the bytes it has. */
  onDone(bytes: number): void;
  /** Told of blobs that the source has lost or spoiled, the first twenty. */
  onDamaged(key: string, reason: string): void;
}

/** The sha256 that the bytes of a key have; undefined where the key does not say. */
export const sha256InKey = (key: string): string | undefined => /^originals\/([0-9a-f]{64})$/.exec(key)?.[1];

/** How many blobs a room has, and how many bytes they are. */
export async function sizeOf(blobs: BlobStore, room: Room): Promise<{ count: number; bytes: number }> {
  const size = { count: 0, bytes: 0 };
  for await (const { bytes } of blobs.list(`${room}/`)) {
    size.count += 1;
    size.bytes += bytes;
  }
  return size;
}

/** The bytes as they come, and after the last of them a failure where they are not those of the key, so that they are not kept. */
async function* checked(source: AsyncIterable<Uint8Array>, { key, bytes }: BlobInfo): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let seen = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    seen += chunk.length;
    yield chunk;
  }
  const sha256 = sha256InKey(key);
  if (seen !== bytes) throw new Damaged(`it has ${seen} of ${bytes} bytes`);
  if (sha256 !== undefined && hash.digest('hex') !== sha256) throw new Damaged('its bytes are not those that were taken in');
}

/** Whether the store has the blob: of that size, and where the key tells, with that sha256, read from the store. */
async function isWhole(blobs: BlobStore, info: BlobInfo): Promise<boolean> {
  if ((await blobs.stat(info.key))?.bytes !== info.bytes) return false;
  if (sha256InKey(info.key) === undefined) return true;
  try {
    for await (const _chunk of checked((await blobs.read(info.key)) as AsyncIterable<Uint8Array>, info));
    return true;
  } catch (error) {
    if (error instanceof Damaged) return false;
    throw error;
  }
}

async function carry(info: BlobInfo, { from, to, signal }: BlobCopy): Promise<'copied' | 'there'> {
  if (await isWhole(to, info)) return 'there';
  const source = (await from.read(info.key)) as AsyncIterable<Uint8Array>;
  try {
    await to.put(info.key, checked(source, info), { signal });
  } catch (error) {
    if (error instanceof Error && error.cause instanceof Damaged) throw error.cause;
    throw error;
  }
  if (await isWhole(to, info)) return 'copied';
  throw new BlobError('blob.unavailable', `the store does not give back ${info.key} as it was written`);
}

/** Copies a room, blob by blob, and reads back what says what it should be. A blob that is damaged in the source stops no other. */
export async function copyRoom(room: Room, copy: BlobCopy): Promise<RoomTally> {
  const tally: RoomTally = { source: 0, bytes: 0, copied: 0, there: 0, damaged: 0 };
  async function one(info: BlobInfo): Promise<void> {
    try {
      tally[await copy.again(() => carry(info, copy))] += 1;
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      tally.damaged += 1;
      if (tally.damaged <= named) copy.onDamaged(info.key, error.message);
    }
    tally.source += 1;
    tally.bytes += info.bytes;
    copy.onDone(info.bytes);
  }
  await Readable.from(copy.from.list(`${room}/`)).forEach(one, { concurrency: atOnce, signal: copy.signal });
  return tally;
}
