import assert from 'node:assert/strict';
import type { GroupsQuery, SearchErrorCode, SearchIndex } from '../../../drivers/search/port.ts';
import { doc, type SearchCase, searchCase, same } from './case.ts';
import { hash } from './likeness.ts';

const query: GroupsQuery = {
  near: [{ field: 'hash', within: 6 }],
  order: [{ field: 'width', descending: true }],
  limit: 100,
};

/** `['big small', …]`: the ids of each group. */
async function grouped(index: SearchIndex, asked: Partial<GroupsQuery> = {}): Promise<string[]> {
  const { groups } = await index.groups({ ...query, ...asked });
  return groups.map((members) => members.map(({ id }) => id).join(' '));
}

const refuses = (index: SearchIndex, asked: Partial<GroupsQuery>, code: SearchErrorCode): Promise<void> =>
  assert.rejects(() => index.groups({ ...query, ...asked }), { name: 'SearchError', code });

/** A 64-bit hash that has little in common with any other number's (splitmix64, Steele, Lea, Flood 2014). */
function scattered(n: number): bigint {
  let z = BigInt.asUintN(64, BigInt(n + 1) * 0x9e3779b97f4a7c15n);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}
const hex = (value: bigint): string => value.toString(16).padStart(16, '0');

/** The number with so many bits turned, other ones for another seed. */
function turned(value: bigint, count: number, seed: number): bigint {
  const bits = new Set<bigint>();
  for (let i = 0; bits.size < count; i++) bits.add(scattered(seed * 1000 + i) % 64n);
  return [...bits].reduce((result, bit) => result ^ (1n << bit), value);
}

export const groups: SearchCase[] = [
  searchCase('groups what differs in few bits, with the distance from the first', async (index) => {
    await index.put([
      doc('large', { hash: hash(0), width: 3 }),
      doc('small', { hash: hash(6), width: 1 }),
      doc('middle', { hash: hash(2), width: 2 }),
      doc('other', { hash: hash(30), width: 9 }),
      doc('none', { width: 10 }),
    ]);
    same(await index.groups(query), {
      groups: [
        [
          { id: 'large', distance: 0 },
          { id: 'middle', distance: 2 },
          { id: 'small', distance: 6 },
        ],
      ],
      total: 1,
      next: null,
    });
    same(await grouped(index, { near: [{ field: 'hash', within: 5 }] }), ['large middle']);
    same(await grouped(index, { near: [{ field: 'hash', within: 1 }] }), []);
  }),

  searchCase('makes no chain of what is alike two by two', async (index) => {
    await index.put([0, 5, 10, 15, 20].map((n) => doc(`d${n}`, { hash: hash(n), width: 100 - n })));
    same(await grouped(index), ['d0 d5', 'd10 d15']);
  }),

  searchCase('puts first what the order says, of groups and in them, ties by id', async (index) => {
    await index.put([
      ...[1, 2, 3].map((n) => doc(`a${n}`, { hash: hash(n), width: n, quality: 0.5 })),
      ...[1, 2, 3].map((n) => doc(`b${n}`, { hash: hash(30 + n), width: 5, quality: n })),
    ]);
    same(await grouped(index), ['b1 b2 b3', 'a3 a2 a1']);
    same(await grouped(index, { order: [{ field: 'width', descending: false }] }), ['a1 a2 a3', 'b1 b2 b3']);
    const both = [
      { field: 'width', descending: true },
      { field: 'quality', descending: true },
    ];
    same(await grouped(index, { order: both }), ['b3 b2 b1', 'a3 a2 a1']);
  }),

  searchCase('groups only what is near in further fields, too, and keeps nobody out for a missing value', async (index) => {
    await index.put([
      doc('first', { hash: hash(0), width: 9, quality: 1, embedding: [1, 0, 0, 0] }),
      doc('good', { hash: hash(1), width: 8, quality: 1.05, embedding: [1, 0.1, 0, 0] }),
      doc('unknown', { hash: hash(2), width: 7 }),
      doc('wide', { hash: hash(1), width: 6, quality: 1.5, embedding: [1, 0, 0, 0] }),
      doc('unlike', { hash: hash(1), width: 5, quality: 1, embedding: [0, 1, 0, 0] }),
    ]);
    const near = [
      { field: 'hash', within: 6 },
      { field: 'quality', within: 0.1 },
      { field: 'embedding', within: 0.2 },
    ];
    same(await grouped(index, { near }), ['first good unknown']);
    same(await grouped(index, { near: near.slice(0, 2) }), ['first good unknown unlike']);
    same(await grouped(index), ['first good unknown wide unlike']);
  }),

  searchCase('finds every pair within the distance, and no other', async (index) => {
    const pairs = Array.from({ length: 100 }, (_, i) => {
      const one = scattered(i);
      return [doc(`p${i}`, { hash: hex(one), width: 2 }), doc(`q${i}`, { hash: hex(turned(one, i % 17, i)), width: 1 })];
    });
    await index.put(pairs.flat());
    // From 13 bits on, some of the hundred would be near by chance.
    for (const within of [0, 3, 4, 6, 8, 12]) {
      const expected = pairs.flatMap((_, i) => (i % 17 <= within ? [`p${i} q${i}`] : []));
      same((await allGroups(index, { near: [{ field: 'hash', within }], limit: 40 })).sort(), expected.sort());
    }
  }),

  searchCase('groups a great many of the same', async (index) => {
    await index.put(Array.from({ length: 3000 }, (_, i) => doc(`d${i}`, { hash: hash(i % 3), width: i })));
    const { groups: found, total } = await index.groups(query);
    const [all = []] = found;
    same([all.length, all[0]?.id, all.at(-1)?.id, total], [3000, 'd2999', 'd0', 1]);
  }),

  searchCase('gives groups page by page', async (index) => {
    await index.put(
      Array.from({ length: 25 }, (_, i) => [
        doc(`a${i}`, { hash: hex(scattered(i)), width: 100 - (i % 5) }),
        doc(`b${i}`, { hash: hex(scattered(i)) }),
      ]).flat(),
    );
    const whole = await grouped(index);
    assert.equal(whole.length, 25);
    same(await allGroups(index, { limit: 4 }), whole);
    const { next, total } = await index.groups({ ...query, limit: 10 });
    assert.equal(total, 25);
    await index.remove([{ id: 'a0', rev: 2 }]);
    same(await grouped(index, { cursor: next ?? '', limit: 3 }), whole.slice(10, 13));
  }),

  searchCase('groups anew when documents change or go', async (index) => {
    await index.put([1, 2, 3].map((n) => doc(`d${n}`, { hash: hash(n), width: n })));
    same(await grouped(index), ['d3 d2 d1']);
    await index.put([doc('d2', { hash: hash(50), width: 2 }, 2), doc('d4', { hash: hash(2), width: 4 })]);
    same(await grouped(index), ['d4 d3 d1']);
    await index.remove([{ id: 'd4', rev: 2 }]);
    same(await grouped(index), ['d3 d1']);
    await index.remove([{ id: 'd1', rev: 2 }]);
    same(await grouped(index), []);
  }),

  searchCase('refuses what is no wish for groups', async (index) => {
    const near = (field: string, within: number) => ({ near: [{ field, within }] });
    await refuses(index, { near: [] }, 'search.query-invalid');
    await refuses(index, near('hash', 17), 'search.query-invalid');
    await refuses(index, near('hash', -1), 'search.query-invalid');
    await refuses(index, { limit: 0 }, 'search.query-invalid');
    await refuses(index, near('embedding', 0.1), 'search.field-unknown');
    await refuses(index, near('none', 1), 'search.field-unknown');
    await refuses(index, { order: [{ field: 'tags', descending: true }] }, 'search.field-unknown');
    await refuses(index, { cursor: 'nonsense' }, 'search.cursor-invalid');
    await index.put(Array.from({ length: 4 }, (_, i) => doc(`d${i}`, { hash: hash(i < 2 ? 0 : 30), width: i })));
    const { next } = await index.groups({ ...query, limit: 1 });
    assert.ok(next);
    await refuses(index, { cursor: next, near: [{ field: 'hash', within: 5 }] }, 'search.cursor-invalid');
  }),
];

/** Every group, page by page. */
async function allGroups(index: SearchIndex, asked: Partial<GroupsQuery>): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; cursor !== null; page++) {
    assert.ok(page < 100, 'paging comes to an end');
    const { groups: some, next } = await index.groups({ ...query, ...asked, cursor });
    found.push(...some.map((members) => members.map(({ id }) => id).join(' ')));
    cursor = next;
  }
  return found;
}
