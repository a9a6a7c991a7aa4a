import type { ServiceBroker } from 'moleculer';
import { call } from '../contracts/contract.ts';
import { media } from '../contracts/media.ts';
import { search } from '../contracts/search.ts';
import type { TagRecord, TagRecords } from './tag-records.ts';

/** Tags taken on together, and assets told of at once. */
const batch = 500;
const page = 200;

export interface RefeedOptions {
  broker: ServiceBroker;
  records: TagRecords;
  /** Runs it while no change of the catalogue is under way. */
  quietly<T>(read: () => Promise<T>): Promise<T>;
  signal: AbortSignal;
}

/** Sends the assets that the index has under these names through the change feed again, page by page. */
async function touchTagged(broker: ServiceBroker, names: string[], signal: AbortSignal): Promise<number> {
  // Assets that the index has not heard of yet are read with the catalogue as it is now; what was read before is in it then.
  await call(broker, search.feed, {}, { timeout: 0 });
  let touched = 0;
  for (let cursor: string | undefined; !signal.aborted;) {
    const { ids, next } = await call(broker, search.tagged, { names, cursor, limit: page });
    if (ids.length > 0) await call(broker, media.touch, { ids });
    touched += ids.length;
    if (next === null) break;
    cursor = next;
  }
  return touched;
}

/**
 * Indexes anew the assets of tags whose names or relations have changed. What is due stands in the records, so a crash costs a
 * repetition; a tag that changes again meanwhile stays due.
 */
export async function refeedDue({ broker, records, quietly, signal }: RefeedOptions): Promise<number> {
  let touched = 0;
  while (!signal.aborted) {
    const rows: TagRecord[] = await quietly(() => records.find({ query: { due: { $exists: true } }, limit: batch }));
    if (rows.length === 0) break;
    touched += await touchTagged(
      broker,
      rows.flatMap(({ name, was = [] }) => [name, ...was]),
      signal,
    );
    if (signal.aborted) break;
    for (const { id, due } of rows) await records.updateMany({ id, due: due ?? '' }, { $unset: { due: true } });
  }
  if (touched > 0) await call(broker, search.feed, {}, { timeout: 0 });
  return touched;
}
