import assert from 'node:assert/strict';
import {
  RecordsError,
  type Collection,
  type Query,
  type Records,
  type RecordsErrorCode,
  type RecordStore,
  type Update,
} from '../../drivers/records/port.ts';

/** Opens a store with nothing in it. */
export type OpenRecords = () => Promise<RecordStore>;

export interface RecordsCase {
  title: string;
  run(open: OpenRecords): Promise<void>;
}

/** A record of the suite: hot fields of each type, and a document around them. */
export interface Thing {
  id: string;
  sha256?: string;
  status?: string | null;
  rank?: number;
  rev?: number;
  flag?: boolean;
  [key: string]: unknown;
}

export const things: Collection = {
  name: 'things',
  hot: { sha256: 'text', status: 'text', rank: 'number', rev: 'number', flag: 'boolean', 'size.width': 'number' },
  indexes: [['status', 'rank'], ['rank'], ['size.width']],
  unique: ['sha256'],
};

export const recordsCases: RecordsCase[] = [];

function promises(title: string, run: (records: Records<Thing>, store: RecordStore) => Promise<void>): void {
  recordsCases.push({
    title,
    async run(open) {
      const store = await open();
      try {
        await run(store.collection<Thing>(things), store);
      } finally {
        await store.close();
      }
    },
  });
}

/** Registers the cases with jest. */
export function recordsConformance(name: string, open: OpenRecords): void {
  describe(`records port: ${name}`, () => {
    for (const { title, run } of recordsCases) it(title, () => run(open));
  });
}

const ids = (records: readonly { id: string }[]): string[] => records.map(({ id }) => id);
const fitting = async (records: Records<Thing>, query: Query): Promise<string> =>
  ids(await records.find({ query }))
    .sort()
    .join(' ');

async function rejects(work: () => Promise<unknown>, code: RecordsErrorCode): Promise<void> {
  await assert.rejects(work, (error) => error instanceof RecordsError && error.code === code);
}

promises('gives back what was inserted, whole, by id', async (records) => {
  const record = {
    id: 'a',
    status: 'new',
    rank: 1.5,
    flag: false,
    title: 'Ö\'"\\\u2028',
    list: [1, 'x', null, { y: [] }],
    none: null,
    deep: { er: {} },
  };
  assert.deepEqual(await records.insert(record), record);
  assert.deepEqual(await records.findById('a'), record);
  assert.equal(await records.findById('b'), null);
});

promises('takes any text for an id, whatever it looks like', async (records) => {
  const odd = ['0123456789abcdef01234567', 'twelve chars', '12', 'a.b/c', '$ne', 'Ö \u2028', '__proto__'];
  for (const id of odd) await records.insert({ id, rank: 1 });
  assert.deepEqual(ids(await records.findByIds(odd)).sort(), [...odd].sort());
  for (const id of odd) {
    assert.deepEqual(await records.findById(id), { id, rank: 1 });
    assert.deepEqual(ids(await records.find({ query: { id } })), [id]);
    assert.deepEqual(await records.updateById(id, { $inc: { rank: 1 } }), { id, rank: 2 });
    assert.deepEqual(await records.removeById(id), { id, rank: 2 });
  }
});

promises('drops undefined values', async (records) => {
  const stored = { id: 'a', deep: { kept: 1 } };
  assert.deepEqual(
    await records.insert({ id: 'a', status: undefined, deep: { kept: 1, gone: undefined } } as unknown as Thing),
    stored,
  );
  assert.deepEqual(await records.updateById('a', { $set: { rank: undefined, 'deep.gone': undefined } }), stored);
  assert.deepEqual(Object.keys((await records.findById('a')) ?? {}).sort(), ['deep', 'id']);
});

promises('keeps its copy apart from the caller’s', async (records) => {
  const record: Thing = { id: 'a', deep: { x: 1 } };
  const inserting = records.insert(record);
  record.status = 'changed after the call';
  const inserted = await inserting;
  inserted.status = 'changed after the answer';
  assert.deepEqual(await records.findById('a'), { id: 'a', deep: { x: 1 } });
});

promises('finds several by their ids and leaves out those it does not have', async (records) => {
  await records.insertMany([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
  assert.deepEqual(ids(await records.findByIds(['c', 'nobody', 'a'])).sort(), ['a', 'c']);
  assert.deepEqual(await records.findByIds([]), []);
});

promises('keeps collections apart', async (records, store) => {
  const others = store.collection<Thing>({ name: 'others', hot: { sha256: 'text' }, unique: ['sha256'] });
  await records.insert({ id: 'a', sha256: 'same' });
  await others.insert({ id: 'a', sha256: 'same' });
  await others.removeMany({});
  assert.equal(await records.count(), 1);
});

promises('refuses a second record of the same id', async (records) => {
  await records.insert({ id: 'a', rank: 1 });
  await rejects(() => records.insert({ id: 'a', rank: 2 }), 'records.duplicate');
  assert.deepEqual(await records.findById('a'), { id: 'a', rank: 1 });
});

promises('lets exactly one of fifty racing inserts of one unique value win', async (records) => {
  const results = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => records.insert({ id: `n${n}`, sha256: 'one' })));
  const lost = results.filter((result) => result.status === 'rejected').map(({ reason }) => (reason as RecordsError).code);
  assert.deepEqual(lost, Array<string>(49).fill('records.duplicate'));
  assert.equal(await records.count({ query: { sha256: 'one' } }), 1);
});

promises('lets many records be without a unique field', async (records) => {
  await records.insertMany([{ id: 'a' }, { id: 'b' }]);
  assert.equal(await records.count(), 2);
});

promises('refuses an update that would make a unique value double', async (records) => {
  await records.insertMany([
    { id: 'a', sha256: 'x' },
    { id: 'b', sha256: 'y' },
  ]);
  await rejects(() => records.updateById('b', { $set: { sha256: 'x' } }), 'records.duplicate');
  assert.deepEqual(await records.findById('b'), { id: 'b', sha256: 'y' });
});

promises('inserts many or none', async (records) => {
  await records.insert({ id: 'there', sha256: 'x' });
  await rejects(() => records.insertMany([{ id: 'a' }, { id: 'b', sha256: 'x' }, { id: 'c' }]), 'records.duplicate');
  assert.deepEqual(ids(await records.find()), ['there']);
  assert.deepEqual(ids(await records.insertMany([{ id: 'a' }, { id: 'b' }])), ['a', 'b']);
  assert.deepEqual(await records.insertMany([]), []);
});

promises('lets one failing write of a burst fail alone', async (records) => {
  const burst = await Promise.allSettled([records.insert({ id: 'a' }), records.insert({ id: 'a' }), records.insert({ id: 'b' })]);
  assert.deepEqual(
    burst.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.equal(await records.count(), 2);
});

promises('lets a read see the writes issued before it, awaited or not', async (records) => {
  await records.insert({ id: 'a', rev: 1 });
  const [, seen, , count] = await Promise.all([
    records.updateById('a', { $set: { rev: 2 } }),
    records.findById('a'),
    records.insert({ id: 'b' }),
    records.count(),
  ]);
  assert.equal(seen?.rev, 2);
  assert.equal(count, 2);
});

/** One record for each thing that a field may hold; `status` and `rank` are hot, the same under `cold` is not. */
const zoo: Thing[] = [
  { id: 'five', status: 'five', rank: 5, flag: true, cold: { text: 'five', number: 5, flag: true } },
  { id: 'six', status: 'six', rank: 6, flag: false, cold: { text: 'six', number: 6, flag: false } },
  { id: 'null', status: null, cold: { text: null, number: null, flag: null } },
  { id: 'none' },
];

const expectations: [query: Query, fitting: string][] = [
  [{}, 'five none null six'],
  [{ id: 'five' }, 'five'],
  [{ id: { $in: ['five', 'six', 'x'] } }, 'five six'],
  [{ F: 'five' }, 'five'],
  [{ F: { $eq: 'five' } }, 'five'],
  [{ N: 5 }, 'five'],
  [{ B: true }, 'five'],
  [{ B: false }, 'six'],
  [{ F: null }, 'none null'],
  [{ F: { $ne: null } }, 'five six'],
  [{ F: { $ne: 'five' } }, 'none null six'],
  [{ N: { $ne: 5 } }, 'none null six'],
  [{ F: { $in: ['five', 'six', 'seven'] } }, 'five six'],
  [{ F: { $in: ['five', null] } }, 'five none null'],
  [{ F: { $in: [] } }, ''],
  [{ N: { $in: [5, 'five', true] } }, 'five'],
  [{ F: { $nin: ['five', 'x'] } }, 'none null six'],
  [{ F: { $nin: ['five', null] } }, 'six'],
  [{ F: { $nin: [] } }, 'five none null six'],
  [{ N: { $gt: 5 } }, 'six'],
  [{ N: { $gte: 5 } }, 'five six'],
  [{ N: { $lt: 6 } }, 'five'],
  [{ N: { $lte: 6 } }, 'five six'],
  [{ N: { $gt: 4, $lt: 6 } }, 'five'],
  [{ F: { $gt: 'five' } }, 'six'],
  [{ F: { $exists: true } }, 'five null six'],
  [{ F: { $exists: false } }, 'none'],
  [{ F: { $exists: true, $ne: 'five' } }, 'null six'],
  [{ F: 'five', N: 6 }, ''],
  [{ $or: [{ F: 'five' }, { N: 6 }] }, 'five six'],
  [{ $or: [{ F: 'five' }, { N: 6 }], B: true }, 'five'],
  [{ $and: [{ N: { $gt: 1 } }, { $or: [{ B: false }, { F: null }] }] }, 'six'],
];

/** Types are never mixed: neither is 5 the text '5', nor is true 1. */
const alike: [query: Query, fitting: string][] = [
  [{ N: '5' }, ''],
  [{ N: { $gt: '0' } }, ''],
  [{ N: { $lt: 'x' } }, ''],
  [{ N: { $in: ['5', '6'] } }, ''],
  [{ F: { $gte: 0 } }, ''],
  [{ F: { $lt: 1e9 } }, ''],
  [{ B: 1 }, ''],
  [{ B: { $gte: 0 } }, ''],
  [{ N: true }, ''],
  [{ N: { $ne: '5' } }, 'five none null six'],
];

function named(query: Query, names: Record<string, string>): Query {
  const list = (of: unknown): Query[] => (of as Query[]).map((branch) => named(branch, names));
  return Object.fromEntries(Object.entries(query).map(([key, of]) => [names[key] ?? key, key.startsWith('$') ? list(of) : of]));
}

for (const [kind, names] of [
  ['hot fields', { F: 'status', N: 'rank', B: 'flag' }],
  ['fields of the document', { F: 'cold.text', N: 'cold.number', B: 'cold.flag' }],
] as const) {
  promises(`answers queries on ${kind} as MongoDB does`, async (records) => {
    await records.insertMany(
      kind === 'hot fields' ? zoo.map(({ cold: _cold, ...thing }) => thing) : zoo.map(({ id, cold }) => ({ id, cold })),
    );
    for (const [query, expected] of expectations) {
      const asked = named(query, names);
      assert.equal(await fitting(records, asked), expected, JSON.stringify(asked));
      assert.equal(await records.count({ query: asked }), expected.split(' ').filter(Boolean).length, JSON.stringify(asked));
    }
  });
  promises(`compares only like with like in ${kind}`, async (records) => {
    await records.insertMany(zoo);
    for (const [query, expected] of alike)
      assert.equal(await fitting(records, named(query, names)), expected, JSON.stringify(named(query, names)));
  });
}

promises('tells values of another type in a hot field from missing ones', async (records) => {
  await records.insertMany([
    { id: 'odd', rank: 'high', status: 7 } as unknown as Thing,
    { id: 'usual', rank: 7, status: 'high' },
  ]);
  assert.equal(await fitting(records, { rank: 'high' }), 'odd');
  assert.equal(await fitting(records, { rank: { $gt: 1 } }), 'usual');
  assert.equal(await fitting(records, { status: { $gte: 'a' } }), 'usual');
  assert.equal(await fitting(records, { rank: null }), '');
  assert.equal(await fitting(records, { rank: { $ne: 7 } }), 'odd');
});

promises('matches a list of the document by its elements', async (records) => {
  await records.insertMany([
    { id: 'a', tags: ['barn', 'red'] },
    { id: 'b', tags: ['mill'] },
    { id: 'c', tags: { barn: 'barn' } },
  ]);
  assert.equal(await fitting(records, { tags: 'barn' }), 'a');
  assert.equal(await fitting(records, { tags: { $in: ['mill', 'red'] } }), 'a b');
  assert.equal(await fitting(records, { tags: { $ne: 'barn' } }), 'b c');
});

promises('refuses queries that it does not understand', async (records) => {
  const bad: unknown[] = [
    { status: { $regex: 'x' } },
    { status: { $eq: undefined } },
    { status: undefined },
    { status: {} },
    { status: ['a'] },
    { status: { $in: 'a' } },
    { rank: Number.NaN },
    { $where: '1' },
    { $or: [] },
    { $and: {} },
    { 'a b': 1 },
    { 'a"b': 1 },
    { "x') OR 1=1 --": 1 },
    { 'a..b': 1 },
  ];
  for (const query of bad) await rejects(() => records.find({ query: query as Query }), 'records.query-invalid');
  await rejects(() => records.find({ sort: ['rank; DROP TABLE things'] }), 'records.query-invalid');
  await rejects(() => records.find({ limit: -1 }), 'records.query-invalid');
  await rejects(() => records.removeMany({ status: undefined }), 'records.query-invalid');
});

promises('sorts by several fields, missing first, ties by id, and cuts pages', async (records) => {
  await records.insertMany([
    { id: 'e', status: 'b', rank: 10 },
    { id: 'd', status: 'b', rank: 9 },
    { id: 'c', status: 'a', rank: 9 },
    { id: 'b', status: 'a', rank: 9 },
    { id: 'a', status: 'c' },
  ]);
  const sorted = async (sort: string[], limit?: number, offset?: number): Promise<string> =>
    ids(await records.find({ sort, ...(limit !== undefined && { limit }), ...(offset !== undefined && { offset }) })).join('');
  assert.equal(await sorted(['rank']), 'abcde');
  assert.equal(await sorted(['-rank']), 'ebcda');
  assert.equal(await sorted(['-status', 'rank']), 'adebc');
  assert.equal(await sorted(['-id']), 'edcba');
  assert.equal(await sorted(['rank'], 2, 1), 'bc');
  assert.equal(await sorted(['rank'], 2, 4), 'e');
  assert.equal(await sorted(['rank'], undefined, 3), 'de');
});

promises('finds and sorts by nested hot fields', async (records) => {
  await records.insertMany([100, 20, 3].map((width, n) => ({ id: `n${n}`, size: { width } })));
  assert.deepEqual(ids(await records.find({ query: { 'size.width': { $gt: 3 } }, sort: ['size.width'] })), ['n1', 'n0']);
  await records.updateById('n2', { $set: { size: { width: 50 } } });
  assert.deepEqual(ids(await records.find({ query: { 'size.width': { $gt: 20 } }, sort: ['size.width'] })), ['n2', 'n0']);
});

promises('finds one, or null', async (records) => {
  await records.insertMany([
    { id: 'a', status: 'x' },
    { id: 'b', status: 'y' },
  ]);
  assert.equal((await records.findOne({ status: 'y' }))?.id, 'b');
  assert.equal(await records.findOne({ status: 'z' }), null);
});

promises('changes only the paths that an update names, making objects on the way', async (records) => {
  await records.insert({ id: 'a', rank: 1, enrichments: { palette: { dominant: '#fff', old: 1 } } });
  const update: Update = {
    $set: { 'enrichments.palette.dominant': '#000', 'enrichments.my-plugin.2.x': { y: [1] }, flag: true, none: null },
    $unset: { 'enrichments.palette.old': true, 'not.there': true },
    $inc: { rank: 2, 'counts.seen': 1 },
  };
  const after = {
    id: 'a',
    rank: 3,
    flag: true,
    none: null,
    counts: { seen: 1 },
    enrichments: { palette: { dominant: '#000' }, 'my-plugin': { '2': { x: { y: [1] } } } },
  };
  assert.deepEqual(await records.updateById('a', update), after);
  assert.deepEqual(await records.findById('a'), after);
  assert.equal(await fitting(records, { rank: 3, flag: true, 'enrichments.my-plugin.2.x.y': 1 }), 'a');
});

promises('changes hundreds of paths in one update', async (records) => {
  const counts = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`n${n}`, n]));
  await records.insert({ id: 'a' });
  const paths = (of: Record<string, number>): Record<string, number> =>
    Object.fromEntries(Object.entries(of).map(([key, n]) => [`counts.${key}`, n]));
  assert.deepEqual(await records.updateById('a', { $set: paths(counts) }), { id: 'a', counts });
  await records.updateById('a', { $inc: paths(counts) });
  assert.deepEqual(
    (await records.findById('a'))?.counts,
    Object.fromEntries(Object.entries(counts).map(([key, n]) => [key, 2 * n])),
  );
  const unset = Object.fromEntries(Object.keys(counts).map((key) => [`counts.${key}`, true as const]));
  assert.deepEqual(await records.updateById('a', { $unset: unset }), { id: 'a', counts: {} });
});

promises('takes a field away, so that it is missing', async (records) => {
  await records.insert({ id: 'a', status: 'x', deep: { er: 1 } });
  await records.updateById('a', { $unset: { status: true, 'deep.er': true } });
  assert.deepEqual(await records.findById('a'), { id: 'a', deep: {} });
  assert.equal(await fitting(records, { status: { $exists: false }, 'deep.er': { $exists: false } }), 'a');
});

promises('lets writers of different paths of one record never undo each other', async (records) => {
  await records.insert({ id: 'a', rank: 0 });
  const names = Array.from({ length: 40 }, (_, n) => `plugin-${n}`);
  await Promise.all(
    names.map((name, n) => records.updateById('a', { $set: { [`enrichments.${name}.result`]: n }, $inc: { rank: 1 } })),
  );
  const record = await records.findById('a');
  assert.deepEqual(record?.enrichments, Object.fromEntries(names.map((name, n) => [name, { result: n }])));
  assert.equal(record.rank, 40);
});

promises('keeps numbers exact', async (records) => {
  const created = 1_763_800_000_123;
  await records.insert({ id: 'a', rank: Number.MAX_SAFE_INTEGER - 1, created, share: 0.1 });
  const record = await records.updateById('a', { $inc: { rank: 1, created: 1, share: 0.2 } });
  assert.deepEqual(record, { id: 'a', rank: Number.MAX_SAFE_INTEGER, created: created + 1, share: 0.1 + 0.2 });
});

promises('refuses updates that it does not understand or cannot do, and changes nothing', async (records) => {
  const before = { id: 'a', rank: 1, status: 'x', list: [1], none: null };
  await records.insert(before);
  const bad: unknown[] = [
    { $push: { list: 2 } },
    { status: 'y' },
    { $set: { id: 'b' } },
    { $set: { 'a"b': 1 } },
    { $set: { 'a.': 1 } },
    { $set: { $x: 1 } },
    { $set: { deep: 1, 'deep.er': 2 } },
    { $set: { rank: 1 }, $inc: { rank: 1 } },
    { $set: { rank: 9, 'status.deeper': 1 } },
    { $set: { rank: 9, 'none.deeper': 1 } },
    { $set: { rank: 9, 'list.0': 2 } },
    { $inc: { rank: 1, none: 1 } },
    { $inc: { status: 1 } },
    { $inc: { rank: '1' } },
  ];
  for (const update of bad) {
    await rejects(() => records.updateById('a', update as Update), 'records.query-invalid');
    await rejects(() => records.updateMany({ id: 'a' }, update as Update), 'records.query-invalid');
  }
  assert.deepEqual(await records.findById('a'), before);
});

promises('answers null for an update or removal of what is not there, and makes nothing', async (records) => {
  assert.equal(await records.updateById('a', { $set: { rank: 1 } }), null);
  assert.equal(await records.updateMany({ id: 'a' }, { $set: { rank: 1 } }), 0);
  assert.equal(await records.removeById('a'), null);
  assert.equal(await records.count(), 0);
});

promises('updates what fits the whole query and answers how many that were', async (records) => {
  await records.insertMany(
    Array.from({ length: 250 }, (_, n) => ({ id: `n${n}`, status: n % 2 ? 'odd' : 'even', rank: n, rev: 0 })),
  );
  assert.equal(
    await records.updateMany({ status: 'odd', rank: { $lt: 240 } }, { $set: { status: 'even' }, $inc: { rev: 1 } }),
    120,
  );
  assert.equal(await records.count({ query: { status: 'even', rev: 1 } }), 120);
  assert.equal(await records.count({ query: { status: 'odd', rev: 0 } }), 5);
  assert.equal(await records.updateMany({ rev: 0 }, { $set: {} }), 130);
});

promises('lets exactly one of racing conditional updates win', async (records) => {
  await records.insert({ id: 'a', rev: 1, status: 'pending' });
  const attempts = Array.from({ length: 20 }, (_, n) =>
    records.updateMany({ id: 'a', rev: 1, status: 'pending' }, { $set: { status: 'running', by: n }, $inc: { rev: 1 } }),
  );
  const counts = await Promise.all(attempts);
  assert.equal(counts.filter((count) => count === 1).length, 1);
  assert.equal(counts.filter((count) => count === 0).length, 19);
  const record = await records.findById('a');
  assert.deepEqual(record, { id: 'a', rev: 2, status: 'running', by: counts.indexOf(1) });
});

promises('removes by id and by query', async (records) => {
  await records.insertMany(Array.from({ length: 120 }, (_, n) => ({ id: `n${n}`, sha256: `s${n}`, rank: n })));
  assert.deepEqual(await records.removeById('n5'), { id: 'n5', sha256: 's5', rank: 5 });
  assert.equal(await records.removeMany({ rank: { $gte: 10 } }), 110);
  assert.equal(await records.count(), 9);
  await records.insert({ id: 'again', sha256: 's5' });
});

promises('refuses records without an id', async (records) => {
  await rejects(() => records.insert({ status: 'x' } as unknown as Thing), 'records.query-invalid');
  await rejects(() => records.insertMany([{ id: 'a' }, { id: '' }]), 'records.query-invalid');
  assert.equal(await records.count(), 0);
});

promises('finishes what was issued before it was closed, and refuses what comes after', async (records, store) => {
  const writing = records.insert({ id: 'a' });
  const closing = store.close();
  assert.deepEqual(await writing, { id: 'a' });
  await closing;
  await rejects(() => records.insert({ id: 'b' }), 'records.closed');
  await rejects(() => records.find(), 'records.closed');
});
