import type { DataSet } from '../../config/profiles/data-set.ts';
import { isAway } from '../../mixins/engine-errors.ts';
import { patiently } from '../../mixins/patience.ts';
import { keptCollections, passingCollections } from '../collections.ts';
import { Refusal } from '../command.ts';
import { copyRoom, type Room, rooms, type RoomTally, sizeOf } from './blobs.ts';
import { type Again, compare, type Comparison, copyMissing, isEqual, isPart, makeWay } from './records.ts';

/** How long a server that goes away in the middle is waited for, in ms. */
const patienceMs = 120_000;

/** What is being done, in the order in which it is. */
export type Step = 'compare' | 'blobs' | 'records' | 'check';

/** How far a step is: records or blobs, and of blobs the bytes. `total` is 0 while nobody knows. */
export interface Progress {
  step: Step;
  done: number;
  total: number;
  bytes: number;
}

export interface MoveOptions {
  /** Where the target differs, it is made to be as the source. */
  overwrite: boolean;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
  /** Told of a server that went away, each time that it is asked in vain. */
  onWaiting(reason: string): void;
}

/** What a move came to. */
export interface Moved {
  blobs: Record<Room, RoomTally>;
  /** By collection, as they are in the end, and how many were written. */
  records: (Comparison & { copied: number })[];
  /** Blobs that the source has lost or spoiled: the first twenty of each room. */
  damaged: { key: string; reason: string }[];
  /** Whether the target has every blob, whole, and the same records. */
  equal: boolean;
}

async function refuseUnfinished({ records, where }: DataSet): Promise<void> {
  for (const { collection, unfinished } of passingCollections) {
    const count = unfinished ? await records.collection(collection).count({ query: unfinished }) : 0;
    if (count > 0)
      throw new Refusal(
        `${where}: ${count} ${collection.name} have not come to their end. Start Vitrail there once more, wait until all is settled, and stop it.`,
      );
  }
}

function refuseOthers(compared: readonly Comparison[], where: string): void {
  const clashes = compared.filter((comparison) => !isPart(comparison));
  if (clashes.length === 0) return;
  const said = clashes.map(({ name, differing, strange, examples: [example] }) => {
    const such = example === undefined ? '' : `, such as ${example}`;
    return `${name}: ${differing} differ${such}, ${strange} are not in the source`;
  });
  throw new Refusal(
    `${where}: other records are there already (${said.join('; ')}). Nothing was written. Move to an empty place, or say --overwrite to have there what is here, and nothing else.`,
  );
}

/**
 * Brings the target to where it has all that the source has: first the bytes, then the records, and of those assets last. What is
 * there already is left as it is, so that an interrupted move goes on where it was.
 * @throws Refusal before anything is written
 */
export async function move(
  from: DataSet,
  to: DataSet,
  { overwrite, signal, onProgress, onWaiting }: MoveOptions,
): Promise<Moved> {
  const progress: Progress = { step: 'compare', done: 0, total: 0, bytes: 0 };
  const begin = (step: Step, total: number): void => onProgress(Object.assign(progress, { step, total, done: 0, bytes: 0 }));
  const advance = (done: number, bytes = 0): void => {
    signal.throwIfAborted();
    progress.done += done;
    progress.bytes += bytes;
    onProgress(progress);
  };
  const again: Again = (work) =>
    patiently(
      () =>
        work().catch((error: unknown) => {
          if (error instanceof Error && isAway(error)) onWaiting(error.message);
          throw error;
        }),
      { signal, limitMs: patienceMs },
    );
  const sides = { from: from.records, to: to.records, again, onDone: (records: number) => advance(records) };
  async function compareAll(): Promise<Comparison[]> {
    const compared: Comparison[] = [];
    for (const kept of keptCollections) compared.push(await compare(kept, sides));
    return compared;
  }

  await refuseUnfinished(from);
  begin('compare', 0);
  const before = await compareAll();
  const total = before.reduce((sum, { source }) => sum + source, 0);
  if (!overwrite) refuseOthers(before, to.where);

  const sizes = await Promise.all(rooms.map((room) => sizeOf(from.blobs, room)));
  begin(
    'blobs',
    sizes.reduce((sum, { count }) => sum + count, 0),
  );
  const damaged: Moved['damaged'] = [];
  const copy = {
    from: from.blobs,
    to: to.blobs,
    again,
    signal,
    onDone: (bytes: number) => advance(1, bytes),
    onDamaged: (key: string, reason: string) => damaged.push({ key, reason }),
  };
  const blobs = { originals: await copyRoom('originals', copy), derived: await copyRoom('derived', copy) };

  begin('records', total);
  // Before the first record: an index that knows of others, or of newer ones, would not take these.
  if (!before.every(isEqual)) await to.emptyIndex();
  for (const [index, kept] of keptCollections.entries()) if (!isPart(before[index]!)) await makeWay(kept, sides);
  const copied: number[] = [];
  for (const kept of keptCollections) copied.push(await copyMissing(kept, sides));

  begin('check', total);
  const after = await compareAll();
  return {
    blobs,
    records: after.map((comparison, index) => ({ ...comparison, copied: copied[index] ?? 0 })),
    damaged,
    equal: after.every(isEqual) && rooms.every((room) => blobs[room].damaged === 0),
  };
}
