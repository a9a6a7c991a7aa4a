import assert from 'node:assert/strict';
import type { SearchQuery } from '../../../drivers/search/port.ts';
import { doc, found, paged, refuses, type SearchCase, searchCase, same } from './case.ts';

const pad = (i: number): string => String(i).padStart(2, '0');

/** Forty documents with many ties and gaps, and words, types and colours to find them by. */
const many = Array.from({ length: 40 }, (_, i) =>
  doc(`d${pad(i)}`, {
    title: i % 3 === 0 ? 'harbour' : 'morning',
    about: i % 4 === 0 ? 'harbour harbour sunset' : 'a harbour at sunset',
    createdAt: 1000 + (i % 7),
    ...(i % 5 === 0 ? {} : { width: 100 * (i % 3) }),
    ...(i % 6 === 0 ? {} : { type: ['png', 'jpeg'][i % 2] ?? '' }),
    palette: [{ l: 0.5 + (i % 9) / 100, a: 0.1, b: 0.05, weight: 0.5 }],
  }),
);
const queries: Record<string, Omit<SearchQuery, 'limit'>> = {
  'the newest': {},
  'a sort with ties and gaps': { sort: { field: 'width', descending: false } },
  'a descending sort': { sort: { field: 'width', descending: true } },
  'a sort by words': { sort: { field: 'type', descending: true } },
  relevance: { q: 'harbour sunset' },
  'a mistyped word': { q: 'harbuor' },
  colours: { colors: { field: 'palette', near: [{ l: 0.5, a: 0.1, b: 0.05 }] } },
  'colours and words': { q: 'harbour', colors: { field: 'palette', near: [{ l: 0.5, a: 0.1, b: 0.05 }] } },
};

const onEach = (title: string, body: (query: Omit<SearchQuery, 'limit'>) => Parameters<typeof searchCase>[1]): SearchCase[] =>
  Object.entries(queries).map(([name, query]) => searchCase(`${title}: ${name}`, body(query)));

export const paging: SearchCase[] = [
  searchCase('shows the newest first where nothing else is wished, those without a date last', async (index) => {
    await index.put([doc('a', { createdAt: 1 }), doc('b', { createdAt: 3 }), doc('c', { createdAt: 2 }), doc('d', {})]);
    same(await found(index, {}), ['b', 'c', 'a', 'd']);
  }),

  searchCase('sorts both ways, missing values last and ties by id', async (index) => {
    await index.put([
      doc('e', {}),
      doc('d', { width: 2, type: 'b', quality: -1.5 }),
      doc('c', { width: 1, type: 'a', quality: 0 }),
      doc('b', { width: 2, type: 'c', quality: 10 }),
      doc('a', {}),
    ]);
    const by = (field: string, descending: boolean) => found(index, { sort: { field, descending } });
    same(await by('width', false), ['c', 'b', 'd', 'a', 'e']);
    same(await by('width', true), ['b', 'd', 'c', 'a', 'e']);
    same(await by('type', false), ['c', 'd', 'b', 'a', 'e']);
    same(await by('type', true), ['b', 'd', 'c', 'a', 'e']);
    same(await by('quality', false), ['d', 'c', 'b', 'a', 'e']);
  }),

  searchCase('sorts what words have found where a sort is wished', async (index) => {
    await index.put([
      doc('a', { title: 'sea', width: 1 }),
      doc('b', { about: 'sea', width: 2 }),
      doc('c', { title: 'sky', width: 3 }),
    ]);
    same(await found(index, { q: 'sea', sort: { field: 'width', descending: true } }), ['b', 'a']);
  }),

  ...onEach('gives on pages what it gives at once', (query) => async (index) => {
    await index.put(many);
    const whole = await found(index, query);
    assert.equal(whole.length, 40);
    same(await paged(index, { ...query, limit: 7 }), whole);
    same(await paged(index, { ...query, limit: 40 }), whole);
  }),

  ...onEach('skips and repeats nothing while documents come and go', (query) => async (index) => {
    await index.put(many);
    const whole = await found(index, query);
    const ids = await paged(index, { ...query, limit: 7 }, async (page) => {
      // Ones of any place, of which some turn a mistyped word into a known one and change how frequent words are.
      await index.put(
        many.slice(0, 8).map(({ id, fields }) => doc(`${id}-${page}`, { ...fields, labels: ['harbuor', 'sunset'] })),
      );
      await index.remove([{ id: `d${pad(39 - page)}`, rev: 2 }]);
    });
    const stayed = whole.filter((id) => id < 'd33');
    same(
      ids.filter((id) => stayed.includes(id)),
      stayed,
    );
    assert.equal(new Set(ids).size, ids.length);
  }),

  searchCase('goes on from a document that is gone meanwhile', async (index) => {
    await index.put(['a', 'b', 'c'].map((id) => doc(id, { createdAt: 1 })));
    const first = await index.find({ limit: 1 });
    await index.remove([{ id: 'a', rev: 2 }]);
    same(await found(index, { cursor: first.next ?? '' }), ['b', 'c']);
  }),

  searchCase('says at the end that there is no more', async (index) => {
    await index.put([doc('a', {}), doc('b', {})]);
    assert.equal((await index.find({ limit: 2 })).next, null);
    const { next } = await index.find({ limit: 1 });
    assert.equal(typeof next, 'string');
    const last = await index.find({ limit: 1, cursor: next ?? '' });
    same([last.ids, last.total, last.next], [['b'], 2, null]);
  }),

  searchCase('takes a cursor with another limit', async (index) => {
    await index.put(['a', 'b', 'c', 'd'].map((id) => doc(id, {})));
    const { next } = await index.find({ limit: 1 });
    same(await found(index, { limit: 2, cursor: next ?? '' }), ['b', 'c']);
  }),

  searchCase('refuses a cursor that it did not give, or not for this query', async (index) => {
    await index.put(many);
    const { next } = await index.find({ q: 'harbour', limit: 2 });
    assert.ok(next);
    const odd = [
      '',
      'zzz',
      'e30',
      'bnVsbA',
      '%',
      `${next}x`,
      next.slice(0, -4),
      `${next.slice(0, 12)}${next[12] === 'A' ? 'B' : 'A'}${next.slice(13)}`,
    ];
    for (const cursor of odd) await refuses(index, { q: 'harbour', cursor }, 'search.cursor-invalid');
    const others: Partial<SearchQuery>[] = [
      {},
      { q: 'sunset' },
      { q: 'harbour', sort: { field: 'width', descending: true } },
      { q: 'harbour', filters: [{ field: 'width', gte: 0 }] },
      { q: 'harbour', colors: { field: 'palette', near: [{ l: 1, a: 0, b: 0 }] } },
    ];
    for (const other of others) await refuses(index, { ...other, cursor: next }, 'search.cursor-invalid');
  }),
];
