import type { Query, Records, RecordStore, Update } from '../../drivers/records/port.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { recordsCases } from './records.ts';
import type { OpenRecords } from './records/case.ts';

type Break = <T extends { id: string }>(good: Records<T>) => Partial<Records<T>>;

const good: OpenRecords = () => openSqliteRecords({ file: ':memory:' });

/** A driver that does as the good one, but for some methods. */
const broken =
  (change: Break): OpenRecords =>
  async () => {
    const store = await good();
    return {
      collection: <T extends { id: string }>(declared: Parameters<RecordStore['collection']>[0]): Records<T> => {
        const records = store.collection<T>(declared);
        return { ...records, ...change(records) };
      },
      ping: () => store.ping(),
      close: () => store.close(),
    };
  };

const conditions = (query: Query, change: (path: string, condition: unknown) => [string, unknown][]): Query =>
  Object.fromEntries(Object.entries(query).flatMap(([path, condition]) => change(path, condition))) as Query;

/** `{ 'a.b': 1 }` as `{ a: { b: 1 } }`. */
const nested = (set: Record<string, unknown> = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(set).map(([path, value]) => {
      const [first = path, ...below] = path.split('.');
      return [first, below.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)];
    }),
  );

const breakages: Record<string, OpenRecords> = {
  'says that it is there when it is not': async () => ({ ...(await good()), ping: async () => undefined }),
  'forgets uniqueness': async () => {
    const store = await good();
    return { ...store, collection: (declared) => store.collection({ ...declared, unique: [] }) };
  },
  'replaces nested objects on a dotted $set': broken(({ updateById }) => ({
    updateById: (id, update: Update) => updateById(id, { ...update, $set: nested(update.$set) }),
  })),
  'reads, changes and writes back without a guard': broken((records) => ({
    async updateById(id, update) {
      const before = await records.findById(id);
      await new Promise((resolve) => setImmediate(resolve));
      const { id: _id, ...fields } = { ...before, ...nested(update.$set) };
      return records.updateById(id, { $set: fields });
    },
  })),
  'ignores the last condition of a conditional update': broken(({ updateMany }) => ({
    updateMany: (query, update) => updateMany(Object.fromEntries(Object.entries(query).slice(0, -1)), update),
  })),
  'answers the record before the update': broken(({ findById, updateOne }) => ({
    async updateOne(query, update) {
      const before = await findById(query.id);
      return (await updateOne(query, update)) && before;
    },
  })),
  'ignores all but the id in an update of one': broken(({ updateOne }) => ({
    updateOne: ({ id }, update) => updateOne({ id }, update),
  })),
  'does many updates in any order': broken(({ updateEach }) => ({ updateEach: (updates) => updateEach(updates.toReversed()) })),
  'counts the updates it was asked for': broken(({ updateEach }) => ({
    async updateEach(updates) {
      await updateEach(updates);
      return updates.length;
    },
  })),
  'stops at the first update that cannot be done': broken(({ updateEach }) => ({
    async updateEach(updates) {
      let done = 0;
      for (const update of updates) done += await updateEach([update]);
      return done;
    },
  })),
  'counts what it found, not what it updated': broken(({ count, updateMany }) => ({
    async updateMany(query, update) {
      const found = await count({ query });
      await updateMany(query, update);
      return found;
    },
  })),
  'sorts upwards only': broken(({ find }) => ({
    find: (options = {}) =>
      find({ ...options, ...(options.sort && { sort: options.sort.map((name) => name.replace('-', '')) }) }),
  })),
  'forgets the offset': broken(({ find }) => ({
    find: ({ offset: _offset, ...options } = {}) => find(options),
  })),
  'inserts many one by one': broken(({ insert }) => ({
    async insertMany(records) {
      for (const record of records) await insert(record);
      return records;
    },
  })),
  'does not match missing fields with $ne': broken(({ find }) => ({
    find: (options = {}) =>
      find({
        ...options,
        query: conditions(options.query ?? {}, (path, of) =>
          of && typeof of === 'object' && '$ne' in of ? [[path, { $exists: true, ...of }]] : [[path, of]],
        ),
      }),
  })),
  'takes null for an explicit null only': broken(({ find }) => ({
    find: (options = {}) =>
      find({
        ...options,
        query: conditions(options.query ?? {}, (path, of) => [[path, of === null ? { $eq: null, $exists: true } : of]]),
      }),
  })),
  'takes numbers and their digits for the same': broken(({ find }) => ({
    find: (options = {}) =>
      find({
        ...options,
        query: conditions(options.query ?? {}, (path, of) => [[path, typeof of === 'string' && Number(of) ? Number(of) : of]]),
      }),
  })),
  'leaves out the operators that it does not know': broken(({ find }) => ({
    find: (options = {}) =>
      find({
        ...options,
        query: conditions(options.query ?? {}, (path, of) => (JSON.stringify(of)?.includes('$regex') ? [] : [[path, of]])),
      }),
  })),
  'takes undefined for any': broken(({ removeMany }) => ({
    removeMany: (query) => removeMany(conditions(query, (path, of) => (of === undefined ? [] : [[path, of]]))),
  })),
  'sets null where it should unset': broken(({ updateById }) => ({
    updateById: (id, { $unset = {}, $set = {}, ...update }) =>
      updateById(id, { ...update, $set: { ...$set, ...Object.fromEntries(Object.keys($unset).map((path) => [path, null])) } }),
  })),
  'sets where it should increase': broken(({ updateById }) => ({
    updateById: (id, { $inc = {}, $set = {}, ...update }) => updateById(id, { ...update, $set: { ...$set, ...$inc } }),
  })),
  'takes a number in a path for a place in a list': broken(({ updateById }) => ({
    updateById: (id, { $set = {}, ...update }) =>
      updateById(id, { ...update, $set: 'list.0' in $set ? { list: [$set['list.0']] } : $set }),
  })),
  'counts on from null': broken(({ updateById }) => ({
    updateById: (id, { $inc = {}, ...update }) =>
      updateById(id, 'none' in $inc ? { $set: { none: $inc['none'] } } : { ...update, $inc }),
  })),
  'takes ids for numbers where they look like it': broken(({ findById }) => ({
    findById: (id) => findById(/^[0-9a-f]{24}$/.test(id) ? BigInt(`0x${id}`).toString(16) : id),
  })),
  'makes a record that an update did not find': broken((records) => ({
    async updateById(id, update) {
      const found = await records.findById(id);
      return found ? records.updateById(id, update) : records.insert({ id } as Parameters<typeof records.insert>[0]);
    },
  })),
  'writes later than it reads': broken(({ insert }) => ({
    async insert(record) {
      await new Promise((resolve) => setImmediate(resolve));
      return insert(record);
    },
  })),
  'answers with the caller’s own object': broken(({ insert }) => ({
    async insert(record) {
      await insert(record);
      return record;
    },
  })),
  'goes on after it was closed': async () => {
    const store = await good();
    return { ...store, close: () => Promise.resolve() };
  },
};

async function failures(open: OpenRecords): Promise<string[]> {
  const results = await Promise.allSettled(recordsCases.map(({ run }) => run(open)));
  return recordsCases.filter((_, index) => results[index]?.status === 'rejected').map(({ title }) => title);
}

describe('the records suite', () => {
  it('finds nothing wrong with a good driver', async () => {
    expect(await failures(good)).toEqual([]);
  });

  it.each(Object.keys(breakages))('fails a driver that %s', async (breakage) => {
    const open = breakages[breakage];
    expect(open && (await failures(open))).not.toEqual([]);
  });
});
