import type { Filter } from 'mongodb';
import { isOfOne, type MongoAdapter, type Stored } from './adapter.ts';
import type { CompiledUpdate } from './compile-update.ts';
import { notDoneError } from './errors.ts';

/** The query, but for records that the update cannot be done on. */
const unblocked = (query: Filter<Stored>, { blocked }: CompiledUpdate): Filter<Stored> =>
  blocked.length > 0 ? { ...query, $nor: blocked } : query;

async function throwIfBlocked(adapter: MongoAdapter, query: Filter<Stored>, { blocked }: CompiledUpdate): Promise<void> {
  if (blocked.length > 0 && (await adapter.findOne({ $and: [query, { $or: blocked }] }))) throw notDoneError();
}

/** Answers the record as it is afterwards, where one fitted. */
export async function updateOne(adapter: MongoAdapter, query: Filter<Stored>, compiled: CompiledUpdate): Promise<Stored | null> {
  const updated = await adapter.updateOne(unblocked(query, compiled), compiled.update);
  if (!updated) await throwIfBlocked(adapter, query, compiled);
  return updated;
}

/** Answers how many fitted and were updated. Where one of many cannot be, the others are nevertheless. */
export async function updateAll(adapter: MongoAdapter, query: Filter<Stored>, compiled: CompiledUpdate): Promise<number> {
  const updated = await adapter.updateMany(unblocked(query, compiled), compiled.update);
  if (updated === 0 || !isOfOne(query)) await throwIfBlocked(adapter, query, compiled);
  return updated;
}

/** Each of one record, in one command. Answers how many fitted and were updated; which, the server does not say. */
export async function updateEach(
  adapter: MongoAdapter,
  updates: readonly { query: Filter<Stored>; compiled: CompiledUpdate }[],
): Promise<number> {
  const updated = await adapter.updateEach(
    updates.map(({ query, compiled }) => ({ filter: unblocked(query, compiled), update: compiled.update })),
  );
  if (updated < updates.length) for (const { query, compiled } of updates) await throwIfBlocked(adapter, query, compiled);
  return updated;
}
