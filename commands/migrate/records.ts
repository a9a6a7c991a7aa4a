import { isDeepStrictEqual } from 'node:util';
import type { Records, RecordStore } from '../../drivers/records/port.ts';
import { pagesById } from '../../mixins/pages.ts';
import type { Entity, Kept } from '../collections.ts';

/** Does what may be done twice, and again while its server is away. */
export type Again = <T>(work: () => Promise<T>) => Promise<T>;

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
export const pagesOf = (records: Records<Entity>, again: Again): AsyncGenerator<Entity[]> =>
  pagesById({ find: (options) => again(() => records.find(options)) }, { limit: page });

const idsOf = (records: readonly Entity[]): string[] => records.map(({ id }) => id);
const byId = (records: readonly Entity[]): Map<string, Entity> => new Map(records.map((record) => [record.id, record]));

interface Sides {
  from: RecordStore;
  to: RecordStore;
  again: Again;
  /** Told how many records are done with; throws where no more is wanted. */
  onDone(records: number): void;
}

/** Looks at every record of the source, and at its like in the target. */
export async function compare({ collection, atRest }: Kept, { from, to, again, onDone }: Sides): Promise<Comparison> {
  const [source, target] = [from.collection(collection), to.collection(collection)];
  const found = { name: collection.name, source: 0, target: 0, missing: 0, differing: 0, strange: 0 };
  const examples: string[] = [];
  for await (const records of pagesOf(source, again)) {
    const theirs = byId(await again(() => target.findByIds(idsOf(records))));
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
  for await (const records of pagesOf(target, again)) {
    found.target += records.length;
    onDone(0);
  }
  return { ...found, strange: found.target - (found.source - found.missing), examples };
}

/** Removes what the target has and the source has not, or not so. */
export async function makeWay({ collection, atRest }: Kept, { from, to, again, onDone }: Sides): Promise<void> {
  const [source, target] = [from.collection(collection), to.collection(collection)];
  for await (const records of pagesOf(target, again)) {
    const wanted = byId((await again(() => source.findByIds(idsOf(records)))).map(atRest));
    const unwanted = records.filter((record) => !isDeepStrictEqual(record, wanted.get(record.id)));
    if (unwanted.length > 0) await again(() => target.removeMany({ id: { $in: idsOf(unwanted) } }));
    onDone(0);
  }
}

/** Writes the records that the target has not; answers how many. */
export async function copyMissing({ collection, atRest }: Kept, { from, to, again, onDone }: Sides): Promise<number> {
  const [source, target] = [from.collection(collection), to.collection(collection)];
  let copied = 0;
  for await (const records of pagesOf(source, again)) {
    // Looked at again at each try: of one that failed it is not known what it did.
    const missing = await again(async () => {
      const there = byId(await target.findByIds(idsOf(records)));
      const some = records.filter(({ id }) => !there.has(id)).map(atRest);
      if (some.length > 0) await target.insertMany(some);
      return some.length;
    });
    copied += missing;
    onDone(records.length);
  }
  return copied;
}
