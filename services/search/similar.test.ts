import { mostWishes, type NearestQuery, type Neighbour, type SearchIndex } from '../../drivers/search/port.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import type { Asset } from '../contracts/asset.ts';
import { signsOf } from './signs.ts';
import { similarTo, weigh } from './similar.ts';

const output = { many: false, title: 't', optional: false, filter: false, facet: false, sort: false };
const looks = manifest('looks', {
  outputs: {
    hash: { ...output, kind: 'bits', length: 64, same: 8, schema: {} },
    tones: { ...output, kind: 'bits', length: 384, same: 12, schema: {} },
  },
});
const tags = manifest('tags', { outputs: { embedding: { ...output, kind: 'vector', length: 3, schema: {} } } });
const signs = signsOf([tags, looks]);
const [hash, tones, embedding] = ['looks.hash', 'looks.tones', 'tags.embedding'] as const;

const asset = (id: string, enrichments: Asset['enrichments'] = {}, width = 300): Asset => ({
  id,
  sha256: '0'.repeat(64),
  filename: `${id}.jpg`,
  tags: [],
  type: 'image/jpeg',
  bytes: 1,
  width,
  height: 200,
  state: 'ready',
  rev: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  enrichments,
  variants: [],
});

describe('signs', () => {
  it('are the outputs of bits and numbers, with their lengths', () => {
    expect(signs.map(({ field, kind, length, same }) => [field, kind, length, same])).toEqual([
      [embedding, 'vector', 3, undefined],
      [hash, 'bits', 64, 8],
      [tones, 'bits', 384, 12],
    ]);
  });
});

describe('weigh', () => {
  const weighed = (distances: Record<string, number>, sameShape = true) => {
    const { distance, why } = weigh(distances, signs, sameShape) ?? {};
    return [why, distance];
  };

  it.each([
    ['the same hash', { [hash]: 0, [tones]: 0, [embedding]: 0.3 }, ['same-picture', 0]],
    ['a hash as far as the same may be', { [hash]: 8, [tones]: 12 }, ['same-picture', 0.25]],
    ['a hash alone, where there is nothing else', { [hash]: 4 }, ['same-picture', 0.125]],
    ['other tones', { [hash]: 0, [tones]: 13 }, ['alike', 0.25]],
    ['a hash that is near, and no more', { [hash]: 12, [tones]: 60 }, ['alike', 0.375]],
    ['the same numbers', { [embedding]: 0 }, ['alike', 0.25]],
    ['numbers at an angle', { [embedding]: 0.4, [hash]: 30 }, ['alike', 0.55]],
    ['both near: the nearer counts', { [embedding]: 0.02, [hash]: 12 }, ['alike', 0.265]],
    ['nothing in common', { [hash]: 30, [embedding]: 1.2, [tones]: 3 }, [undefined, undefined]],
    ['the same tones, as all black pictures have', { [tones]: 0 }, [undefined, undefined]],
  ])('takes %s for what it is', (_what, distances, expected) => {
    expect(weighed(distances)).toEqual(expected);
  });

  it('takes the same hash in another shape for another picture', () => {
    expect(weighed({ [hash]: 0, [tones]: 0 }, false)).toEqual(['alike', 0.25]);
  });
});

describe('similarTo', () => {
  const asked: NearestQuery[] = [];
  const reach = (found: Neighbour[], assets: Asset[]) => ({
    index: {
      async nearest(query: NearestQuery) {
        asked.push(query);
        return found;
      },
    } as Partial<SearchIndex> as SearchIndex,
    signs,
    many: async (ids: readonly string[]) => assets.filter(({ id }) => ids.includes(id)),
  });

  it('asks by what the asset has, and never for itself', async () => {
    await similarTo(asset('A', { looks: { hash: '00', tones: '11' } }), 5, reach([], []));
    await similarTo(asset('A', { tags: { embedding: [1, 2, 3] } }), 5, reach([], []));
    expect(asked).toEqual([
      {
        near: [
          { field: hash, value: '00', within: 12 },
          { field: tones, value: '11', within: 12 },
        ],
        limit: 5,
        exclude: ['A'],
      },
      { near: [{ field: embedding, value: [1, 2, 3], within: 1 }], limit: 5, exclude: ['A'] },
    ]);
  });

  it('asks by the leading sign before all others, of which some are too many', async () => {
    const vectors = Array.from({ length: mostWishes }, (_, i) =>
      manifest(`v${i}`, { outputs: { embedding: { ...output, kind: 'vector', length: 1, schema: {} } } }),
    );
    const all = signsOf([...vectors, looks]);
    const values = Object.fromEntries(vectors.map(({ name }) => [name, { embedding: [1] }]));
    asked.length = 0;
    await similarTo(asset('A', { ...values, looks: { hash: '00' } }), 5, { ...reach([], []), signs: all });
    expect(asked[0]?.near.map(({ field }) => field)).toEqual([hash, ...vectors.slice(1).map((_, i) => `v${i}.embedding`)]);
  });

  it('asks nothing where nothing is known of the asset', async () => {
    asked.length = 0;
    expect(await similarTo(asset('A'), 5, reach([], []))).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('puts first, of what is equally near, what is nearer by the next sign', async () => {
    const found = [
      { id: 'B', distances: { [hash]: 0, [tones]: 9, [embedding]: 0.06 } },
      { id: 'C', distances: { [hash]: 0, [tones]: 1, [embedding]: 0.01 } },
      { id: 'D', distances: { [hash]: 0, [tones]: 1, [embedding]: 0 } },
    ];
    const assets = ['B', 'C', 'D'].map((id) => asset(id));
    const items = await similarTo(asset('A', { looks: { hash: '00' } }), 3, reach(found, assets));
    expect(items.map(({ asset: { id } }) => id)).toEqual(['D', 'C', 'B']);
  });

  it('puts the nearest first, ties by id, and leaves out what is gone or too many', async () => {
    const found = [
      { id: 'D', distances: { [hash]: 2 } },
      { id: 'GONE', distances: { [hash]: 0 } },
      { id: 'C', distances: { [embedding]: 0.1 } },
      { id: 'B', distances: { [hash]: 2 } },
      { id: 'WIDE', distances: { [hash]: 2 } },
      { id: 'E', distances: { [embedding]: 0.9 } },
    ];
    const assets = ['B', 'C', 'D', 'E'].map((id) => asset(id)).concat(asset('WIDE', {}, 400));
    const items = await similarTo(asset('A', { looks: { hash: '00' } }), 4, reach(found, assets));
    expect(items.map(({ asset: { id }, why, distance }) => [id, why, distance])).toEqual([
      ['B', 'same-picture', 0.0625],
      ['D', 'same-picture', 0.0625],
      ['WIDE', 'alike', 0.25],
      ['C', 'alike', 0.325],
    ]);
    expect(items[3]?.signs).toEqual([{ field: embedding, distance: 0.1 }]);
  });
});
