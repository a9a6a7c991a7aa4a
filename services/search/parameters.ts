import { modeOklab, modeRgb, parseHex, useMode } from 'culori/fn';
import type { z } from 'zod';
import type { Filter, SearchField, SearchQuery } from '../../drivers/search/port.ts';
import { AssetState } from '../contracts/asset.ts';
import { VitrailError } from '../contracts/errors.ts';
import type { SearchParams } from '../contracts/search.ts';
import { periodOf } from './moment.ts';
import { orientations, ratioWish } from './ratio.ts';

type Params = z.output<typeof SearchParams>;
useMode(modeRgb);
const oklab = useMode(modeOklab);
const maxColors = 5;
const maxTags = 50;

const bad = (parameter: string, detail: string) =>
  new VitrailError('params.invalid', `${parameter}: ${detail}`, { issues: [{ path: parameter, message: detail }] });

const parts = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** `a,b,-c`: those that are wanted, and those that are not. */
function parted(value: string): { wanted: string[]; unwanted: string[] } {
  const [wanted, unwanted] = [false, true].map((sign) => parts(value).filter((part) => part.startsWith('-') === sign));
  return { wanted: wanted ?? [], unwanted: (unwanted ?? []).map((part) => part.slice(1)) };
}

/** One of those that are wanted must be there, and none of the others. */
function signed(field: string, value: string): Filter[] {
  const { wanted, unwanted } = parted(value);
  return [...(wanted.length > 0 ? [{ field, any: wanted }] : []), ...(unwanted.length > 0 ? [{ field, none: unwanted }] : [])];
}

/** In which ways the index may spell a tag, and those that stand below it. */
export type Meanings = (tag: string) => readonly string[];

/** Each of the wanted tags must be there, under whichever name, and none of the others. */
function tagged(value: string, meanings: Meanings): Filter[] {
  const { wanted, unwanted } = parted(value);
  if (wanted.length + unwanted.length > maxTags) throw bad('tags', `give up to ${maxTags} tags, comma-separated`);
  return [
    ...wanted.map((tag) => ({ field: 'tags', any: meanings(tag) })),
    ...(unwanted.length > 0 ? [{ field: 'tags', none: unwanted.flatMap(meanings) }] : []),
  ];
}

/** `3`, `3..5`, `3..` or `..5`. */
function range(parameter: string, field: string, value: string): Filter {
  const [, low, dots, high] = /^(-?\d+(?:\.\d+)?)?(\.\.)?(-?\d+(?:\.\d+)?)?$/.exec(value.trim()) ?? [];
  if (low === undefined && high === undefined)
    throw bad(parameter, `'${value}' is neither a number nor a range such as 3..5, 3.. or ..5`);
  if (dots === undefined) return { field, gte: Number(low), lte: Number(low) };
  if (Number(low) > Number(high)) throw bad(parameter, `'${value}' ends before it begins`);
  return { field, ...(low !== undefined && { gte: Number(low) }), ...(high !== undefined && { lte: Number(high) }) };
}

/** A year, a month, a day or a moment, from which or up to which something is meant. */
function dateRange(parameter: string, field: string, value: string): Filter {
  const [from = '', to = value.includes('..') ? '' : from] = value.split('..').map((part) => part.trim());
  const [begin, end] = [from, to].map((text) => {
    const period = text === '' ? undefined : periodOf(text);
    if (text !== '' && !period)
      throw bad(parameter, `'${text}' is no date; write 2026, 2026-01, 2026-01-31 or 2026-01-31T12:00:00Z`);
    return period;
  });
  if (begin && end && begin.first > end.last) throw bad(parameter, `'${value}' ends before it begins`);
  return { field, ...(begin && { gte: begin.first }), ...(end && { lte: end.last }) };
}

/** Fields of which every value is known. */
const closed: Record<string, readonly string[]> = { state: AssetState.options, orientation: orientations };

function checkChoices({ name }: SearchField, parameter: string, value: string): void {
  const choices = Object.hasOwn(closed, name) ? closed[name] : undefined;
  const unknown = choices && parts(value).find((part) => !choices.includes(part.replace(/^-/, '')));
  if (unknown !== undefined) throw bad(parameter, `'${unknown}' is none of ${choices?.join(', ') ?? ''}`);
}

/** The filter that a parameter of a field means, by the field's kind. */
function filterOf(field: SearchField, parameter: string, value: string): Filter[] {
  switch (field.kind) {
    case 'keyword':
      checkChoices(field, parameter, value);
      return signed(field.name, value);
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw bad(parameter, `'${value}' is neither true nor false`);
      return [{ field: field.name, any: [value === 'true'] }];
    case 'integer':
    case 'float':
      return [range(parameter, field.name, value)];
    case 'date':
      return [dateRange(parameter, field.name, value)];
    case 'text':
    case 'colors':
    case 'vector':
    case 'bits':
      throw bad(parameter, 'cannot be filtered by; use q= for words and colors= for colours');
  }
}

/** Parameters with a grammar of their own. */
const special: Record<string, (value: string, meanings: Meanings) => Filter[]> = {
  tags: tagged,
  type: (value) => {
    const kind = parts(value).find((part) => !part.includes('/'));
    if (kind !== undefined) {
      throw bad('type', `'${kind}' is no media type; write one such as image/png, or video/* for all of a kind`);
    }
    return signed('types', value);
  },
  ratio: (value) => {
    const words = parts(value).map(
      (wish) => ratioWish(wish) ?? fail('ratio', `'${wish}' is no ratio; write 16x9, 1.78, landscape, portrait or square`),
    );
    return words.length > 0 ? [{ field: 'ratio', any: words.flat() }] : [];
  },
  atleast: (value) => {
    const [, width, height] = /^(\d{1,6})x(\d{1,6})$/.exec(value.trim()) ?? [];
    if (width === undefined) throw bad('atleast', `'${value}' is no size; write 1920x1080`);
    return [
      { field: 'width', gte: Number(width) },
      { field: 'height', gte: Number(height) },
    ];
  },
};
function fail(parameter: string, detail: string): never {
  throw bad(parameter, detail);
}

function colorsOf(value: string, fields: readonly SearchField[]): NonNullable<SearchQuery['colors']> {
  const wished = parts(value);
  if (wished.length === 0 || wished.length > maxColors) throw bad('colors', `give one to ${maxColors} colours, comma-separated`);
  const field = fields.find(({ kind }) => kind === 'colors');
  if (!field) throw bad('colors', 'no enricher here gives colours');
  const near = wished.map((hex) => {
    const rgb = /^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(hex) ? parseHex(hex) : undefined;
    if (!rgb) throw bad('colors', `'${hex}' is no colour; write #rrggbb (in a URL: %23rrggbb)`);
    const { l, a, b } = oklab(rgb);
    return { l, a, b };
  });
  return { field: field.name, near };
}

function sortOf(value: string | undefined, fields: readonly SearchField[]): SearchQuery['sort'] {
  if (value === undefined || value === '' || value === 'relevance') return undefined;
  if (value === 'newest') return { field: 'createdAt', descending: true };
  if (value === 'oldest') return { field: 'createdAt', descending: false };
  const descending = value.startsWith('-');
  const name = descending ? value.slice(1) : value;
  const sortable = fields.filter(({ sort }) => sort === true).map((field) => field.name);
  if (!sortable.includes(name))
    throw bad('sort', `'${name}' cannot be sorted by; take relevance, newest, oldest, ${sortable.join(', ')}`);
  return { field: name, descending };
}

function facetsOf(value: string | undefined, fields: readonly SearchField[]): string[] {
  const countable = fields.filter(({ facet }) => facet === true).map(({ name }) => name);
  if (value === undefined) return countable;
  const asked = value === 'none' ? [] : parts(value);
  const unknown = asked.find((name) => !countable.includes(name));
  if (unknown !== undefined) throw bad('facets', `'${unknown}' has no facets; take ${countable.join(', ')}`);
  return asked;
}

/**
 * A request's parameters as a query of the index. Besides the fixed ones, every field that may be filtered by is a parameter of
 * its own name; anything else is refused rather than ignored, so that a slip does not show as too many results.
 * @throws params.invalid naming the parameter
 */
export function searchQuery(params: Params, fields: readonly SearchField[], meanings: Meanings): SearchQuery {
  const { q, colors, sort, cursor, limit, facets, ...wishes } = params;
  const filterable = new Map(fields.filter(({ filter }) => filter === true).map((field) => [field.name, field]));
  const filters = Object.entries(wishes).flatMap(([parameter, value]) => {
    if (value === undefined) return [];
    const values = typeof value === 'string' ? [value] : value;
    return values.flatMap((one) => {
      if (one.trim() === '') return [];
      const own = Object.hasOwn(special, parameter) ? special[parameter] : undefined;
      if (own) return own(one, meanings);
      const field = filterable.get(parameter) ?? fail(parameter, 'is no parameter of this search');
      return filterOf(field, parameter, one);
    });
  });
  return {
    ...(q !== undefined && q.trim() !== '' && { q }),
    filters,
    ...(colors !== undefined && { colors: colorsOf(colors, fields) }),
    sort: sortOf(sort, fields),
    cursor,
    limit,
    facets: facetsOf(facets, fields),
  };
}
