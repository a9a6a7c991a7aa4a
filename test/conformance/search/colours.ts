import assert from 'node:assert/strict';
import type { WeightedColor } from '../../../drivers/search/port.ts';
import { doc, found, foundSet, refuses, type SearchCase, searchCase, same } from './case.ts';

const color = (l: number, a: number, b: number, weight: number): WeightedColor => ({ l, a, b, weight });
const red = (weight: number): WeightedColor => color(0.628, 0.225, 0.126, weight);
const green = (weight: number): WeightedColor => color(0.866, -0.234, 0.179, weight);
const blue = (weight: number): WeightedColor => color(0.452, -0.032, -0.312, weight);
const grey = (weight: number): WeightedColor => color(0.6, 0, 0, weight);
const near = (...wishes: WeightedColor[]) => ({ colors: { field: 'palette', near: wishes.map(({ l, a, b }) => ({ l, a, b })) } });

/** Fifty palettes that differ in hue, lightness and shares, as those of a varied collection do. */
const varied = Array.from({ length: 50 }, (_, i) => {
  const at = (turn: number, l: number, weight: number): WeightedColor => {
    const angle = (i * 137.5 + turn) * (Math.PI / 180);
    return color(l, 0.12 * Math.cos(angle), 0.12 * Math.sin(angle), weight);
  };
  const share = 0.3 + (i % 5) / 10;
  return doc(`v${String(i).padStart(2, '0')}`, {
    palette: [at(0, 0.3 + (i % 7) / 12, share), at(40, 0.7, (1 - share) / 2), at(180, 0.4, (1 - share) / 2)],
  });
});

export const colours: SearchCase[] = [
  searchCase('finds only what has a colour near a wished one, the nearest first', async (index) => {
    await index.put([
      doc('far', { palette: [blue(1)] }),
      doc('near', { palette: [color(0.6, 0.19, 0.1, 0.6), grey(0.4)] }),
      doc('same', { palette: [red(0.6), grey(0.4)] }),
      doc('none', { title: 'no colours' }),
    ]);
    const { ids, total } = await index.find({ ...near(red(1)), limit: 10 });
    same({ ids, total }, { ids: ['same', 'near'], total: 2 });
  }),

  searchCase('puts what is full of a colour before a sliver of it', async (index) => {
    await index.put([
      doc('a-sliver', { palette: [grey(0.97), red(0.03)] }),
      doc('b-half', { palette: [red(0.5), grey(0.5)] }),
      doc('c-full', { palette: [red(0.95), grey(0.05)] }),
      doc('d-nearly', { palette: [color(0.62, 0.2, 0.12, 0.9)] }),
    ]);
    const ids = await found(index, near(red(1)));
    assert.equal(ids[0], 'c-full');
    assert.equal(ids[3], 'a-sliver');
  }),

  searchCase('finds each by its own dominant colour among the first five', async (index) => {
    await index.put(varied);
    for (const { id, fields } of varied) {
      const [dominant] = fields.palette as WeightedColor[];
      assert.ok(dominant);
      assert.ok((await found(index, { ...near(dominant), limit: 5 })).includes(id), id);
    }
  }),

  searchCase('puts what lacks one of several wished colours behind what has all', async (index) => {
    await index.put([
      doc('a-red', { palette: [red(1)] }),
      doc('b-red-green', { palette: [red(0.5), green(0.5)] }),
      doc('c-all', { palette: [red(0.2), green(0.15), blue(0.1), grey(0.55)] }),
      doc('d-grey', { palette: [grey(1)] }),
    ]);
    same(await found(index, near(red(1), green(1), blue(1))), ['c-all', 'b-red-green', 'a-red']);
  }),

  searchCase('goes by colour before the wished sort, and by that where colours are alike', async (index) => {
    await index.put([
      doc('a', { palette: [red(0.9)], width: 1 }),
      doc('b', { palette: [red(0.9)], width: 2 }),
      doc('c', { palette: [red(0.1)], width: 3 }),
    ]);
    same(await found(index, { ...near(red(1)), sort: { field: 'width', descending: true } }), ['b', 'a', 'c']);
  }),

  searchCase('holds words and filters along with colours', async (index) => {
    await index.put([
      doc('a', { title: 'barn', type: 'png', palette: [red(0.5)] }),
      doc('b', { title: 'barn', type: 'gif', palette: [red(0.5)] }),
      doc('c', { title: 'mill', type: 'png', palette: [red(0.5)] }),
      doc('d', { title: 'barn', type: 'png', palette: [blue(0.5)] }),
    ]);
    const query = { ...near(red(1)), q: 'barn', filters: [{ field: 'type', any: ['png'] }], facets: ['type'] };
    same(await foundSet(index, query), ['a']);
    same(
      (await index.find({ ...query, limit: 1 })).facets.type?.map(({ value }) => value),
      ['gif', 'png'],
    );
  }),

  searchCase('takes from one to five colours', async (index) => {
    await refuses(index, near(), 'search.query-invalid');
    await refuses(index, near(...Array.from({ length: 6 }, () => red(1))), 'search.query-invalid');
    await refuses(index, near(color(NaN, 0, 0, 1)), 'search.query-invalid');
    same(await found(index, near(...Array.from({ length: 5 }, () => red(1)))), []);
  }),
];
