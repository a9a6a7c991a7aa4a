import { isDeepStrictEqual } from 'node:util';
import type { Records, RecordStore } from '../../drivers/records/port.ts';
import { patiently } from '../../mixins/patience.ts';
import type { Entity, Kept } from '../collections.ts';

/** Records read at once; of 2 KB in the middle, 30 KB where an enricher says much. */
const page = 200;
/** Ids that are named where something is not as it should be. */
const named = 5;

/** A collection on both sides. */
export interface Comparison {
  name: string;
  source: number;
  target: number;
  /** Of the source, not in the target. */
  missing: number;
  /** Of both, and not the same. */
  differing: number;
  /** Of the target, not in the source. */
  strange: number;
  /** Some ids of records that differ. */
  examples: string[];
}

export const isEqual = ({ missing, differing, strange }: Comparison): boolean => missing + differing + strange === 0;
/** Whether what the target has is, as far as it goes, what the source has. */
export const isPart = ({ differing, strange }: Comparison): boolean => differing + strange === 0;

/** All records, in the order of their ids, which is each store's own. */
export async function* pagesOf(records: Records<Entity>, signal: AbortSignal): AsyncGenerator<Entity[]> {
  for (let after = ''; ;) {
    const query = { id: { $gt: after } };
    const some = await patiently(() => records.find({ query, sort: ['id'], limit: page }), { signal });
    const last = some.at(-1);
    if (last === undefined) return;
    yield some;
    if (some.length < page) return;
    after = last.id;
  }
}

const idsOf = (records: readonly Entity[]): string[] => records.map(({ id }) => id);
const byId = (records: readonly Entity[]): Map<string, Entity> => new Map(records.map((record) => [record.id, record]));

interface Sides {
  from: RecordStore;
  to: RecordStore;
  /** A server that is away is waited for until then, or until it is too long. */
  signal: AbortSignal;
  /** Told how many records are done with; throws where no more is wanted. */
  onDone(records: number): void;
}

/** Looks at every record of the source, and at its like in the target. */
export async function compare({ collection, atRest }: Kept, { from, to, signal, onDone }: Sides): Promise<Comparison> {
  const [source, target] = [from.collection(collection), to.collection(collection)];
  const found = { name: collection.name, source: 0, target: 0, missing: 0, differing: 0, strange: 0 };
  const examples: string[] = [];
  for await (const records of pagesOf(source, signal)) {
    const theirs = byId(await patiently(() => target.findByIds(idsOf(records)), { signal }));
    for (const record of records) {
      const like = theirs.get(record.id);
      if (like === undefined) found.missing += 1;
      else if (!isDeepStrictEqual(like, atRest(record))) {
        found.differing += 1;
        if (examples.length < named) examples.push(record.id);
      }
    }
    found.source += records.length;
    onDone(records.length);
  }
  // Not by `count`, which a server may need longer for than it is given.
  for await (const records of pagesOf(target, signal)) {
    found.target += records.length;
    onDone(0);
  }
  return { ...found, strange: found.target - (found.source - found.missing), examples };
}

/** Removes what the target has and the source has not, or not so. */
export async function makeWay({ collection, atRest }: Kept, { from, to, signal, onDone }: Sides): Promise<void> {
  const [source, target] = [from.collection(collection), to.collection(collection)];
  for await (const records of pagesOf(target, signal)) {
    const wanted = byId((await patiently(() => source.findByIds(idsOf(records)), { signal })).map(atRest));
    const unwanted = records.filter((record) => !isDeepStrictEqual(record, wanted.get(record.id)));
    if (unwanted.length > 0) await patiently(() => target.removeMany({ id: { $in: idsOf(unwanted) } }), { signal });
    onDone(0);
  }
}

/** Writes the records that the target has not; answers how many. */
export async function copyMissing({ collection, atRest }: Kept, { from, to, signal, onDone }: Sides): Promise<number> {
  const [source, target] = [from.collection(collection), to.collection(collection)];
  let copied = 0;
  for await (const records of pagesOf(source, signal)) {
    // Looked at again at each try: of one that failed it is not known what it did.
    const missing = await patiently(
      async () => {
        const there = byId(await target.findByIds(idsOf(records)));
        const some = records.filter(({ id }) => !there.has(id)).map(atRest);
        if (some.length > 0) await target.insertMany(some);
        return some.length;
      },
      { signal },
    );
    copied += missing;
    onDone(records.length);
  }
  return copied;
}
