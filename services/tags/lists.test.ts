import { TagNames } from '../../mixins/tag-names.ts';
import { type ListWish, listTags } from './listing.ts';
import { suggestTags } from './suggest.ts';
import { useOf } from './use.ts';

const names = new TagNames([
  { id: 'sea', name: 'Sea' },
  { id: 'meer', name: 'Meer', into: 'sea' },
  { id: 'écluse', name: 'Écluse', made: true },
  { id: 'west sea', name: 'West Sea' },
  { id: 'seal', name: 'seal', parent: 'animal' },
  { id: 'animal', name: 'animal' },
  { id: 'once', name: 'once' },
]);
const use = await useOf(
  [
    { name: 'Sea', count: 3 },
    { name: 'meer', count: 2 },
    { name: 'West Sea', count: 5 },
    { name: 'seal', count: 1 },
  ],
  names,
);
const list = (wish: Partial<ListWish> = {}) => listTags(names, use, { sort: 'count', limit: 50, ...wish });
const named = async (wish: Partial<ListWish> = {}) => (await list(wish)).items.map(({ name, count }) => `${name} ${count}`);

describe('the list of tags', () => {
  it('has what is in use, entered or related, the most used first, with the counts of all its names', async () => {
    expect(await named()).toEqual(['Sea 5', 'West Sea 5', 'seal 1', 'animal 0', 'Écluse 0']);
    expect((await list()).items[0]).toEqual({ name: 'Sea', synonyms: ['Meer'], count: 5 });
    expect((await list()).items[2]).toEqual({ name: 'seal', parent: 'animal', synonyms: [], count: 1 });
  });

  it('by name knows neither case nor accents', async () => {
    expect(await named({ sort: 'name' })).toEqual(['animal 0', 'Écluse 0', 'Sea 5', 'seal 1', 'West Sea 5']);
  });

  it('finds beginnings of names, synonyms and words in them', async () => {
    expect(await named({ q: 'SEA' })).toEqual(['Sea 5', 'West Sea 5', 'seal 1']);
    expect(await named({ q: 'ecl' })).toEqual(['Écluse 0']);
    expect(await named({ q: 'mee' })).toEqual(['Sea 5']);
    expect(await named({ q: 'ea' })).toEqual([]);
  });

  it.each(['count', 'name'] as const)('by %s gives each once, page by page, whatever comes meanwhile', async (sort) => {
    const all: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 9; page += 1) {
      const { items, next, total } = await list({ sort, limit: 2, ...(cursor !== undefined && { cursor }) });
      all.push(...items.map(({ name }) => name));
      expect(total).toBe(5);
      if (next === null) break;
      cursor = next;
    }
    expect(all).toEqual((await list({ sort })).items.map(({ name }) => name));
  });

  it('refuses cursors that are none, or of the other order', async () => {
    const { next } = await list({ limit: 1 });
    for (const cursor of ['x', 'W10', next ?? ''])
      await expect(list({ sort: 'name', cursor })).rejects.toMatchObject({ type: 'search.cursor-invalid' });
  });
});

describe('suggestions', () => {
  const suggest = async (wish: Partial<Parameters<typeof suggestTags>[2]>) =>
    (await suggestTags(names, use, { limit: 10, ...wish })).map(({ name, synonym }) =>
      synonym === undefined ? name : `${name} ${synonym}`,
    );
  const together = new Map([
    ['seal', 2],
    ['animal', 1],
    ['sea', 4],
  ]);

  it('begin as typed before they have such a word, and tell the synonym that fits', async () => {
    expect(await suggest({ q: 'sea' })).toEqual(['Sea', 'seal', 'West Sea']);
    expect(await suggest({ q: 'm' })).toEqual(['Sea Meer']);
    expect(await suggest({ q: 'sea', limit: 1 })).toEqual(['Sea']);
  });

  it('for an asset are what stands together with its tags, without those it has', async () => {
    const asset = { has: new Set(['sea']), together };
    expect(await suggest({ asset })).toEqual(['seal', 'animal']);
    expect(await suggest({ asset, q: 'w' })).toEqual(['West Sea']);
    expect(await suggestTags(names, use, { limit: 1, asset })).toEqual([{ name: 'seal', count: 1, together: 2 }]);
  });

  it('for an asset without tags are the most used', async () => {
    expect(await suggest({ asset: { has: new Set(), together: new Map() }, limit: 2 })).toEqual(['Sea', 'West Sea']);
  });
});
