import { SearchParams } from '../contracts/search.ts';
import { isVitrailError } from '../contracts/errors.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import { coreFields, searchFields } from './fields.ts';
import { searchQuery } from './parameters.ts';
import { ratioWish, ratioWords } from './ratio.ts';

const output = { many: false, title: 't', optional: false, filter: true, facet: false, sort: false, schema: {} };
const fields = searchFields([
  manifest('palette', {
    outputs: { palette: { ...output, kind: 'colors', many: true }, dominant: { ...output, kind: 'color' } },
  }),
  manifest('quality', {
    outputs: { score: { ...output, kind: 'float', sort: true }, blurred: { ...output, kind: 'boolean', facet: true } },
  }),
  manifest('exif', { outputs: { takenAt: { ...output, kind: 'date', sort: true } } }),
]);
const meanings = (tag: string) => (tag === 'animal' ? ['animal', 'dog', 'hound'] : [tag]);
const query = (params: Record<string, string | string[]>) => searchQuery(SearchParams.parse(params), fields, meanings);
const filtersOf = (params: Record<string, string | string[]>) => query(params).filters;

describe('search parameters', () => {
  it('without any ask for the first page with all facets', () => {
    expect(query({})).toEqual({
      filters: [],
      sort: undefined,
      cursor: undefined,
      limit: 50,
      facets: ['tags', 'type', 'state', 'orientation', 'rating', 'quality.blurred'],
    });
  });

  it('read tags as all of them, and -tag as none of them, each under any of its names', () => {
    expect(filtersOf({ tags: 'red, animal,-winter' })).toEqual([
      { field: 'tags', any: ['red'] },
      { field: 'tags', any: ['animal', 'dog', 'hound'] },
      { field: 'tags', none: ['winter'] },
    ]);
    expect(filtersOf({ tags: '-animal' })).toEqual([{ field: 'tags', none: ['animal', 'dog', 'hound'] }]);
  });

  it('read sizes, kinds and ratings', () => {
    expect(filtersOf({ atleast: '1920x1080', type: 'image/*,video/mp4', rating: '3..', durationMs: '60000..' })).toEqual([
      { field: 'width', gte: 1920 },
      { field: 'height', gte: 1080 },
      { field: 'types', any: ['image/*', 'video/mp4'] },
      { field: 'rating', gte: 3 },
      { field: 'durationMs', gte: 60_000 },
    ]);
  });

  it('read what a manifest declares', () => {
    expect(filtersOf({ 'quality.score': '0.5..0.9', 'quality.blurred': 'false', 'palette.dominant': '#aabbcc' })).toEqual([
      { field: 'quality.score', gte: 0.5, lte: 0.9 },
      { field: 'quality.blurred', any: [false] },
      { field: 'palette.dominant', any: ['#aabbcc'] },
    ]);
    expect(query({ sort: '-quality.score' }).sort).toEqual({ field: 'quality.score', descending: true });
  });

  it('turn colours into OKLab (Ottosson 2020), with or without #, of six digits or three', () => {
    const { colors } = query({ colors: '#ff0000,00f' });
    expect(colors?.field).toBe('palette.palette');
    expect(colors?.near[0]?.l).toBeCloseTo(0.628, 3);
    expect(colors?.near[0]?.a).toBeCloseTo(0.2249, 3);
    expect(colors?.near[1]?.b).toBeCloseTo(-0.3115, 3);
  });

  it('read days as whole days', () => {
    expect(filtersOf({ createdAt: '2026-01-31' })).toEqual([
      { field: 'createdAt', gte: Date.UTC(2026, 0, 31), lte: Date.UTC(2026, 1, 1) - 1 },
    ]);
  });

  it.each([
    ['2024', Date.UTC(2024, 0, 1), Date.UTC(2025, 0, 1) - 1],
    ['2024-02', Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 1) - 1],
    ['2023-12..2024-02-29', Date.UTC(2023, 11, 1), Date.UTC(2024, 2, 1) - 1],
  ])('read %s as all of it', (createdAt, gte, lte) => {
    expect(filtersOf({ createdAt })).toEqual([{ field: 'createdAt', gte, lte }]);
  });

  it('read dates that a manifest declares like those of the core; a time without an offset is UTC', () => {
    expect(filtersOf({ 'exif.takenAt': '2026-01-01T12:00:00..2026-01-31' })).toEqual([
      { field: 'exif.takenAt', gte: Date.UTC(2026, 0, 1, 12), lte: Date.UTC(2026, 1, 1) - 1 },
    ]);
    expect(filtersOf({ 'exif.takenAt': '2026-01-01T12:00:00+02:00..' })).toEqual([
      { field: 'exif.takenAt', gte: Date.UTC(2026, 0, 1, 10) },
    ]);
    expect(query({ sort: '-exif.takenAt' }).sort).toEqual({ field: 'exif.takenAt', descending: true });
  });

  it.each([
    [{ nonsense: '1' }, 'nonsense'],
    [{ 'quality.nothing': '1' }, 'quality.nothing'],
    [{ sort: 'nonsense' }, 'sort'],
    [{ sort: 'palette.dominant' }, 'sort'],
    [{ ratio: 'x' }, 'ratio'],
    [{ atleast: 'big' }, 'atleast'],
    [{ colors: 'banana' }, 'colors'],
    [{ colors: '#ff00' }, 'colors'],
    [{ type: 'image/png,video' }, 'type'],
    [{ colors: '#111111,#222222,#333333,#444444,#555555,#666666' }, 'colors'],
    [{ rating: 'x..y' }, 'rating'],
    [{ rating: '..' }, 'rating'],
    [{ 'quality.blurred': 'perhaps' }, 'quality.blurred'],
    [{ facets: 'width' }, 'facets'],
    [{ 'palette.palette': '#ffffff' }, 'palette.palette'],
    [{ createdAt: 'yesterday' }, 'createdAt'],
    [{ createdAt: '2026-02-31' }, 'createdAt'],
    [{ createdAt: '2026-13' }, 'createdAt'],
    [{ createdAt: '2024-02-05..2024-02-01' }, 'createdAt'],
    [{ 'exif.takenAt': '2026-13-01' }, 'exif.takenAt'],
    [{ width: '2000..1000' }, 'width'],
    [{ state: 'foo' }, 'state'],
    [{ orientation: 'landscape,tall' }, 'orientation'],
    [{ constructor: 'x' }, 'constructor'],
    [{ 'tags[$ne]': 'x' }, 'tags[$ne]'],
    [{ tags: 'a,'.repeat(51) }, 'tags'],
  ])('refuse %j, naming the parameter', (params, parameter) => {
    expect.assertions(2);
    try {
      query(params);
    } catch (error) {
      expect(isVitrailError(error, 'params.invalid')).toBe(true);
      expect((error as Error).message).toContain(`${parameter}:`);
    }
  });
});

it('every field of the core that can be narrowed by stands in the contract, and so in OpenAPI', () => {
  const filterable = coreFields.filter(({ filter, name }) => filter && name !== 'types').map(({ name }) => name);
  expect(Object.keys(SearchParams.shape)).toEqual(expect.arrayContaining(filterable));
});

describe('ratios', () => {
  it.each([
    [3840, 2160, '16x9'],
    [1366, 768, '16x9'],
    [3440, 1440, '3440x1440'],
    [1080, 1920, '9:16'],
    [3000, 2000, '1.5'],
    [5120, 1440, '32x9'],
    [1000, 1000, 'square'],
    [1000, 1400, 'portrait'],
  ])('%i × %i is found by %s', (width, height, wish) => {
    const words = ratioWords(width, height);
    expect((ratioWish(wish) ?? []).some((word) => words.includes(word))).toBe(true);
  });

  it.each([
    [1920, 1200, '16x9'],
    [1600, 1200, '3x2'],
    [1000, 1000, 'landscape'],
  ])('%i × %i is not found by %s', (width, height, wish) => {
    const words = ratioWords(width, height);
    expect((ratioWish(wish) ?? []).some((word) => words.includes(word))).toBe(false);
  });

  it.each(['', 'x', '16x', '0x9', '9x0', '1e9'])("'%s' is none", (wish) => expect(ratioWish(wish)).toBeUndefined());
});
