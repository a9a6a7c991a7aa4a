import type { Filter } from '../../../drivers/search/port.ts';
import { doc, found, foundSet, refuses, type SearchCase, searchCase, same } from './case.ts';

const docs = [
  doc('a', { title: 'one', tags: ['sea', 'sky'], type: 'jpeg', width: 100, quality: 0.5, hidden: false, createdAt: 1000 }),
  doc('b', { title: 'two', tags: ['sea'], type: 'png', width: 200, quality: 0.25, hidden: true, createdAt: 2000 }),
  doc('c', { title: 'three', tags: ['sky', 'snow'], type: 'png', width: 300 }),
  doc('d', { title: 'four' }),
];

const expected: [Filter[], string[]][] = [
  [[{ field: 'type', any: ['png'] }], ['b', 'c']],
  [[{ field: 'type', any: ['png', 'jpeg'] }], ['a', 'b', 'c']],
  [[{ field: 'type', any: ['gif'] }], []],
  [[{ field: 'type', any: [] }], []],
  [[{ field: 'type', none: ['png'] }], ['a', 'd']],
  [[{ field: 'tags', any: ['sea', 'snow'] }], ['a', 'b', 'c']],
  [[{ field: 'tags', all: ['sea', 'sky'] }], ['a']],
  [[{ field: 'tags', all: ['sea', 'rain'] }], []],
  [[{ field: 'tags', none: ['sea'] }], ['c', 'd']],
  [
    [
      { field: 'tags', all: ['sky'] },
      { field: 'tags', none: ['sea'] },
    ],
    ['c'],
  ],
  [[{ field: 'width', any: [100, 300] }], ['a', 'c']],
  [[{ field: 'width', none: [100] }], ['b', 'c', 'd']],
  [[{ field: 'width', gte: 200 }], ['b', 'c']],
  [[{ field: 'width', lte: 200 }], ['a', 'b']],
  [[{ field: 'width', gte: 101, lte: 299 }], ['b']],
  [
    [
      { field: 'width', gte: 200 },
      { field: 'width', lte: 200 },
    ],
    ['b'],
  ],
  [[{ field: 'quality', gte: 0.25, lte: 0.4 }], ['b']],
  [[{ field: 'quality', any: [0.5] }], ['a']],
  [[{ field: 'hidden', any: [true] }], ['b']],
  [[{ field: 'hidden', any: [false] }], ['a']],
  [[{ field: 'hidden', none: [true] }], ['a', 'c', 'd']],
  [[{ field: 'createdAt', gte: 1500 }], ['b']],
  [
    [
      { field: 'type', any: ['png'] },
      { field: 'tags', any: ['sky'] },
    ],
    ['c'],
  ],
];

export const filters: SearchCase[] = [
  searchCase('narrows by values and ranges', async (index) => {
    await index.put(docs);
    for (const [wishes, ids] of expected) same(await foundSet(index, { filters: wishes }), ids, JSON.stringify(wishes));
  }),

  searchCase('narrows what words have found, and counts it', async (index) => {
    await index.put([...docs, doc('e', { title: 'one more', type: 'png' })]);
    const { ids, total } = await index.find({ q: 'one', filters: [{ field: 'type', any: ['png'] }], limit: 10 });
    same({ ids, total }, { ids: ['e'], total: 1 });
  }),

  searchCase('counts all that is found, beyond the page', async (index) => {
    await index.put(docs);
    const { ids, total } = await index.find({ limit: 2 });
    same([ids.length, total], [2, 4]);
  }),

  searchCase('refuses fields it does not know, or not for that', async (index) => {
    await refuses(index, { filters: [{ field: 'nope', any: ['x'] }] }, 'search.field-unknown');
    await refuses(index, { filters: [{ field: 'plain', any: ['x'] }] }, 'search.field-unknown');
    await refuses(index, { facets: ['nope'] }, 'search.field-unknown');
    await refuses(index, { facets: ['quality'] }, 'search.field-unknown');
    await refuses(index, { sort: { field: 'nope', descending: true } }, 'search.field-unknown');
    await refuses(index, { sort: { field: 'hidden', descending: true } }, 'search.field-unknown');
    await refuses(index, { sort: { field: 'constructor', descending: true } }, 'search.field-unknown');
    await refuses(index, { colors: { field: 'type', near: [{ l: 1, a: 0, b: 0 }] } }, 'search.field-unknown');
  }),

  searchCase('refuses values of another kind than the field', async (index) => {
    const odd: Filter[] = [
      { field: 'type', any: [1] },
      { field: 'type', gte: 1 },
      { field: 'tags', none: [true] },
      { field: 'width', any: ['100'] },
      { field: 'width', all: [NaN] },
      { field: 'width', gte: NaN },
      { field: 'hidden', any: ['true'] },
      { field: 'hidden', lte: 1 },
      { field: 'createdAt', any: ['2020-01-01'] },
      { field: 'width' },
    ];
    for (const filter of odd) await refuses(index, { filters: [filter] }, 'search.query-invalid');
  }),

  searchCase('gives from 1 to 200 at a time', async (index) => {
    for (const limit of [0, -1, 201, 1.5, NaN]) await refuses(index, { limit }, 'search.query-invalid');
    same(await found(index, { limit: 1 }), []);
    same(await found(index, { limit: 200 }), []);
  }),
];
