import assert from 'node:assert/strict';
import type { Query } from '../../../drivers/records/port.ts';
import { fitting, rejects, withRecords, type RecordsCase, type Thing } from './case.ts';

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

/** Queries mean what they mean to MongoDB, and nothing else is let through. */
export const querying: RecordsCase[] = [
  ...(
    [
      ['hot fields', { F: 'status', N: 'rank', B: 'flag' }],
      ['fields of the document', { F: 'cold.text', N: 'cold.number', B: 'cold.flag' }],
    ] as const
  ).flatMap(([kind, names]) => [
    withRecords(`answers queries on ${kind} as MongoDB does`, async (records) => {
      await records.insertMany(
        kind === 'hot fields' ? zoo.map(({ cold: _cold, ...thing }) => thing) : zoo.map(({ id, cold }) => ({ id, cold })),
      );
      for (const [query, expected] of expectations) {
        const asked = named(query, names);
        assert.equal(await fitting(records, asked), expected, JSON.stringify(asked));
        assert.equal(await records.count({ query: asked }), expected.split(' ').filter(Boolean).length, JSON.stringify(asked));
      }
    }),

    withRecords(`compares only like with like in ${kind}`, async (records) => {
      await records.insertMany(zoo);
      for (const [query, expected] of alike)
        assert.equal(await fitting(records, named(query, names)), expected, JSON.stringify(named(query, names)));
    }),
  ]),

  withRecords('tells values of another type in a hot field from missing ones', async (records) => {
    await records.insertMany([
      { id: 'odd', rank: 'high', status: 7 } as unknown as Thing,
      { id: 'usual', rank: 7, status: 'high' },
    ]);
    assert.equal(await fitting(records, { rank: 'high' }), 'odd');
    assert.equal(await fitting(records, { rank: { $gt: 1 } }), 'usual');
    assert.equal(await fitting(records, { status: { $gte: 'a' } }), 'usual');
    assert.equal(await fitting(records, { rank: null }), '');
    assert.equal(await fitting(records, { rank: { $ne: 7 } }), 'odd');
  }),

  withRecords('matches a list of the document by its elements', async (records) => {
    await records.insertMany([
      { id: 'a', tags: ['barn', 'red'] },
      { id: 'b', tags: ['mill'] },
      { id: 'c', tags: { barn: 'barn' } },
    ]);
    assert.equal(await fitting(records, { tags: 'barn' }), 'a');
    assert.equal(await fitting(records, { tags: { $in: ['mill', 'red'] } }), 'a b');
    assert.equal(await fitting(records, { tags: { $ne: 'barn' } }), 'b c');
  }),

  withRecords('refuses queries that it does not understand', async (records) => {
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
  }),
];
