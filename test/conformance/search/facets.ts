import assert from 'node:assert/strict';
import type { SearchIndex, SearchQuery } from '../../../drivers/search/port.ts';
import { doc, type SearchCase, searchCase, same } from './case.ts';

const docs = [
  doc('a', { title: 'red', type: 'jpeg', tags: ['sea', 'sky'], width: 1, hidden: true }),
  doc('b', { title: 'red', type: 'jpeg', tags: ['sea'], width: 2, hidden: false }),
  doc('c', { title: 'red', type: 'png', tags: ['sky', 'snow'], width: 2, hidden: false }),
  doc('d', { title: 'blue', type: 'gif', tags: ['sea'] }),
];

/** `{ type: 'jpeg 2, gif 1' }` */
async function counts(index: SearchIndex, query: Partial<SearchQuery> & { facets: string[] }): Promise<Record<string, string>> {
  const { facets } = await index.find({ limit: 1, ...query });
  return Object.fromEntries(
    Object.entries(facets).map(([field, values]) => [field, values.map(({ value, count }) => `${value} ${count}`).join(', ')]),
  );
}

export const facets: SearchCase[] = [
  searchCase('counts the values of fields, the most frequent first and then by value', async (index) => {
    await index.put(docs);
    same(await counts(index, { facets: ['type', 'tags', 'width', 'hidden'] }), {
      type: 'jpeg 2, gif 1, png 1',
      tags: 'sea 3, sky 2, snow 1',
      width: '2 2, 1 1',
      hidden: 'false 2, true 1',
    });
  }),

  searchCase('gives values as they are, not as text', async (index) => {
    await index.put(docs);
    const result = await index.find({ facets: ['width', 'hidden'], limit: 1 });
    same(
      result.facets.width?.map(({ value }) => value),
      [2, 1],
    );
    same(
      result.facets.hidden?.map(({ value }) => value),
      [false, true],
    );
  }),

  searchCase('counts what is found, whatever fits on the page', async (index) => {
    await index.put(docs);
    same(await counts(index, { q: 'red', facets: ['type'] }), { type: 'jpeg 2, png 1' });
    same(await counts(index, { q: 'nothing', facets: ['type'] }), { type: '' });
    same(await counts(index, { facets: [] }), {});
  }),

  searchCase('leaves out the filters of the field it counts, and only those', async (index) => {
    await index.put(docs);
    const query = {
      filters: [
        { field: 'type', any: ['jpeg'] },
        { field: 'tags', all: ['sea'] },
      ],
      facets: ['type', 'tags', 'width'],
    };
    same(await counts(index, query), { type: 'jpeg 2, gif 1', tags: 'sea 2, sky 1', width: '1 1, 2 1' });
    same(await counts(index, { ...query, q: 'red' }), { type: 'jpeg 2', tags: 'sea 2, sky 1', width: '1 1, 2 1' });
  }),

  searchCase('names fifty values at most', async (index) => {
    const many = Array.from({ length: 60 }, (_, i) => doc(`d${i}`, { tags: [`t${100 + i}`, ...(i === 59 ? ['t100'] : [])] }));
    await index.put(many);
    const result = await index.find({ facets: ['tags'], limit: 1 });
    assert.equal(result.facets.tags?.length, 50);
    same(result.facets.tags[0], { value: 't100', count: 2 });
    same(result.facets.tags[49], { value: 't149', count: 1 });
  }),

  searchCase('tallies every value of one field among what is found, its own filters included', async (index) => {
    await index.put(docs);
    await index.put(Array.from({ length: 60 }, (_, i) => doc(`d${i}`, { title: 'red', tags: [`t${i}`] })));
    const tally = async (query: Partial<SearchQuery>) => {
      const { tally: counted = [] } = await index.find({ limit: 1, tally: 'tags', ...query });
      return counted.map(({ value, count }) => `${value} ${count}`).sort();
    };
    same(await tally({ filters: [{ field: 'tags', any: ['sea'] }] }), ['sea 3', 'sky 1']);
    same(await tally({ filters: [{ field: 'tags', any: ['sea'] }], q: 'red' }), ['sea 2', 'sky 1']);
    assert.equal((await tally({})).length, 63);
    assert.equal((await index.find({ limit: 1 })).tally, undefined);
  }),

  searchCase('counts anew when documents change or go', async (index) => {
    await index.put(docs);
    await index.put([doc('a', { title: 'red', type: 'png', tags: ['sky'] }, 2)]);
    await index.remove([{ id: 'd', rev: 2 }]);
    same(await counts(index, { facets: ['type', 'tags', 'width'] }), {
      type: 'png 2, jpeg 1',
      tags: 'sky 2, sea 1, snow 1',
      width: '2 2',
    });
  }),
];
