import assert from 'node:assert/strict';
import type { NearestQuery, SearchErrorCode, SearchIndex, Wish } from '../../../drivers/search/port.ts';
import { doc, fields, reopeningCase, type SearchCase, searchCase, same } from './case.ts';

const bits = (value: string, within?: number): Wish => ({ field: 'hash', value, ...(within !== undefined && { within }) });
const angle = (value: readonly number[], within?: number): Wish => ({
  field: 'embedding',
  value,
  ...(within !== undefined && { within }),
});
const zero = '0'.repeat(16);
const east = [1, 0, 0, 0];

/** A hash that differs from `zero` in so many bits, spread over all of it. */
export function hash(differing: number): string {
  const bit = (i: number): string => ((i * 37) % 64 < differing ? '1' : '0');
  return BigInt(`0b${Array.from({ length: 64 }, (_, i) => bit(i)).join('')}`)
    .toString(16)
    .padStart(16, '0');
}

/** `['a 0', 'b 3']`: ids with their distance in a field, nearest first, distances to two places. */
async function near(index: SearchIndex, field: string, query: Partial<NearestQuery> & Pick<NearestQuery, 'near'>) {
  const found = await index.nearest({ limit: 200, ...query });
  return found
    .filter(({ distances }) => field in distances)
    .toSorted((a, b) => (a.distances[field] ?? 0) - (b.distances[field] ?? 0) || (a.id < b.id ? -1 : 1))
    .map(({ id, distances }) => `${id} ${Math.round((distances[field] ?? NaN) * 50) / 50}`);
}

const refuses = (index: SearchIndex, query: Partial<NearestQuery>, code: SearchErrorCode): Promise<void> =>
  assert.rejects(() => index.nearest({ near: [bits(zero)], limit: 10, ...query }), { name: 'SearchError', code });

export const likeness: SearchCase[] = [
  searchCase('tells how many bits differ', async (index) => {
    await index.put([
      ...[0, 1, 31, 33, 63, 64].map((n) => doc(`d${n}`, { hash: hash(n) })),
      doc('top', { hash: '8000000000000000' }),
      doc('low', { hash: '0000000000000001' }),
    ]);
    same(await near(index, 'hash', { near: [bits(zero)] }), [
      ...['d0 0', 'd1 1', 'low 1', 'top 1'],
      ...['d31 31', 'd33 33', 'd63 63', 'd64 64'],
    ]);
    same(await near(index, 'hash', { near: [bits('ffffffffffffffff')], limit: 2 }), ['d64 0', 'd63 1']);
  }),

  searchCase('tells how far vectors point apart, whatever their length', async (index) => {
    await index.put([
      doc('opposite', { embedding: [-5, 0, 0, 0] }),
      doc('same', { embedding: [1000, 0, 0, 0] }),
      doc('aslant', { embedding: [0.002, 0.002, 0, 0] }),
      doc('across', { embedding: [0, 0, 1, 0] }),
    ]);
    same(await near(index, 'embedding', { near: [angle(east)] }), ['same 0', 'aslant 0.3', 'across 1', 'opposite 2']);
    same(await near(index, 'embedding', { near: [angle([0, 0, 3e-9, 0])], limit: 1 }), ['across 0']);
  }),

  searchCase('gives exactly the nearest, ties by id', async (index) => {
    await index.put(Array.from({ length: 300 }, (_, i) => doc(`d${1000 + ((i * 7) % 300)}`, { hash: hash((i * 7) % 60) })));
    same(await near(index, 'hash', { near: [bits(zero)], limit: 7 }), [
      ...['d1000 0', 'd1060 0', 'd1120 0', 'd1180 0', 'd1240 0', 'd1001 1', 'd1061 1'],
    ]);
  }),

  searchCase('leaves out what is too far, or is not wanted', async (index) => {
    await index.put([0, 1, 2, 3, 4, 5].map((n) => doc(`d${n}`, { hash: hash(n), embedding: [6 - n, n, 0, 0] })));
    same(await near(index, 'hash', { near: [bits(zero, 2)] }), ['d0 0', 'd1 1', 'd2 2']);
    same(await near(index, 'hash', { near: [bits(zero)], exclude: ['d0', 'd2', 'other'], limit: 2 }), ['d1 1', 'd3 3']);
    same(await near(index, 'embedding', { near: [angle(east, 0.03)] }), ['d0 0', 'd1 0.02']);
  }),

  searchCase('joins the nearest by each of several fields, with every distance there is', async (index) => {
    await index.put([
      doc('both', { hash: hash(3), embedding: [1, 1, 0, 0] }),
      doc('bits', { hash: hash(1) }),
      doc('vector', { embedding: east }),
      doc('neither', { title: 'neither' }),
      doc('far', { hash: hash(40), embedding: [-1, 0, 0, 0] }),
    ]);
    const found = await index.nearest({ near: [bits(zero), angle(east)], limit: 2 });
    same(
      found
        .map(({ id, distances }) => [id, ...Object.entries(distances).map(([field, far]) => `${field} ${far.toFixed(1)}`)])
        .sort(),
      [
        ['bits', 'hash 1.0'],
        ['both', 'hash 3.0', 'embedding 0.3'],
        ['vector', 'embedding 0.0'],
      ],
    );
  }),

  searchCase('has nothing near where nothing has the field', async (index) => {
    await index.put([doc('a', { title: 'plain' })]);
    same(await index.nearest({ near: [bits(zero), angle(east)], limit: 5 }), []);
  }),

  searchCase('goes by what documents hold now', async (index) => {
    await index.put([1, 2, 3, 4].map((n) => doc(`d${n}`, { hash: hash(n) })));
    await index.put([doc('d1', { hash: hash(50) }, 2), doc('d2', { title: 'no hash' }, 2)]);
    await index.remove([{ id: 'd3', rev: 2 }]);
    same(await near(index, 'hash', { near: [bits(zero)] }), ['d4 4', 'd1 50']);
  }),

  searchCase('takes as missing what is no value of a vector or of bits', async (index) => {
    await index.put([
      ...['123', 'g'.repeat(16), '0'.repeat(17), 7].map((value, i) => doc(`hash${i}`, { hash: value })),
      ...[[1, 2, 3], [1, 2, 3, 4, 5], [0, 0, 0, 0], [1, 2, NaN, 4], 'east'].map((value, i) =>
        doc(`vector${i}`, { embedding: value }),
      ),
      doc('good', { hash: zero, embedding: east }),
    ]);
    same(
      (await index.nearest({ near: [bits(zero), angle(east)], limit: 10 })).map(({ id }) => id),
      ['good'],
    );
  }),

  searchCase('refuses to look for what is no value of its field', async (index) => {
    await refuses(index, { near: [bits('12')] }, 'search.query-invalid');
    await refuses(index, { near: [bits('z'.repeat(16))] }, 'search.query-invalid');
    await refuses(index, { near: [angle([1, 2, 3])] }, 'search.query-invalid');
    await refuses(index, { near: [angle([0, 0, 0, 0])] }, 'search.query-invalid');
    await refuses(index, { near: [bits(zero, NaN)] }, 'search.query-invalid');
    await refuses(index, { near: [] }, 'search.query-invalid');
    await refuses(index, { limit: 0 }, 'search.query-invalid');
    await refuses(index, { limit: 201 }, 'search.query-invalid');
    await refuses(index, { near: [{ field: 'none', value: zero }] }, 'search.field-unknown');
    await refuses(index, { near: [{ field: 'type', value: zero }] }, 'search.field-unknown');
  }),

  reopeningCase(
    'finds the nearest by fields that are declared after the documents came, and after being opened again',
    async (open) => {
      let index = await open();
      await index.configure([{ name: 'title', kind: 'text' }]);
      await index.put([
        doc('a', { hash: hash(2), embedding: [1, 0.1, 0, 0] }),
        doc('b', { hash: hash(1), embedding: [0, 1, 0, 0] }),
      ]);
      await index.configure(fields);
      await index.put([doc('c', { hash: hash(3), embedding: [-0.5, 0.25, 0, 1] })]);
      for (const again of [false, true]) {
        if (again) index = await open();
        same(await near(index, 'hash', { near: [bits(zero)] }), ['b 1', 'a 2', 'c 3']);
        same(await near(index, 'embedding', { near: [angle([-0.5, 0.25, 0, 1])] }), ['c 0', 'b 0.78', 'a 1.4']);
      }
    },
  ),
];
