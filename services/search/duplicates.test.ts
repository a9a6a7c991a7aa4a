import type { Groups, GroupsQuery, SearchIndex } from '../../drivers/search/port.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import type { Asset } from '../contracts/asset.ts';
import { duplicatesOf } from './duplicates.ts';
import { signsOf } from './signs.ts';

const output = { many: false, title: 't', optional: false, filter: false, facet: false, sort: false };
const manifests = [
  manifest('tags', { outputs: { embedding: { ...output, kind: 'vector', length: 3, same: 0.4, schema: {} } } }),
  manifest('looks', {
    outputs: {
      other: { ...output, kind: 'bits', length: 16, schema: {} },
      hash: { ...output, kind: 'bits', length: 64, same: 8, schema: {} },
    },
  }),
];
const groupOf = (...ids: string[]): Groups['groups'][number] => ids.map((id, i) => ({ id, distance: 2 * i }));

async function answered(groups: Groups['groups'], gone: string[] = []) {
  const asked: GroupsQuery[] = [];
  const result = await duplicatesOf(
    { limit: 2, cursor: 'c' },
    {
      index: {
        async groups(query: GroupsQuery) {
          asked.push(query);
          return { groups, total: 7, next: 'n' };
        },
      } as Partial<SearchIndex> as SearchIndex,
      signs: signsOf(manifests),
      many: async (ids) => ids.filter((id) => !gone.includes(id)).map((id) => ({ id }) as Asset),
    },
  );
  const items = result.items.map(({ assets, ...rest }) => ({ ids: assets.map(({ id }) => id).join(' '), ...rest }));
  return { ...result, items, asked };
}

describe('duplicatesOf', () => {
  it('asks for what is near in every sign that says what is the same, bits first, and in shape', async () => {
    expect((await answered([])).asked).toEqual([
      {
        near: [
          { field: 'looks.hash', within: 8 },
          { field: 'tags.embedding', within: 0.4 },
          { field: 'shape', within: 0.03 },
        ],
        order: [
          { field: 'pixels', descending: true },
          { field: 'bytes', descending: true },
        ],
        limit: 2,
        cursor: 'c',
      },
    ]);
  });

  it('gives the assets of each group with the distance of the furthest', async () => {
    const { items, total, next } = await answered([groupOf('A', 'B', 'C'), groupOf('D', 'E')]);
    expect(items).toEqual([
      { ids: 'A B C', count: 3, distance: 0.125 },
      { ids: 'D E', count: 2, distance: 0.0625 },
    ]);
    expect([total, next]).toEqual([7, 'n']);
  });

  it('leaves out what is gone meanwhile, and groups of one', async () => {
    expect((await answered([groupOf('A', 'B', 'C'), groupOf('D', 'E')], ['B', 'D'])).items).toEqual([
      { ids: 'A C', count: 2, distance: 0.125 },
    ]);
  });

  it('shows twenty of a large group, and counts all', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `A${i}`);
    const [item] = (await answered([ids.map((id) => ({ id, distance: 0 }))])).items;
    expect([item?.count, item?.ids.split(' ').length]).toEqual([50, 20]);
  });

  it('has none where no enricher says what is the same', async () => {
    const index = {} as SearchIndex;
    expect(await duplicatesOf({ limit: 2 }, { index, signs: [], many: async () => [] })).toEqual({
      items: [],
      total: 0,
      next: null,
    });
  });
});
