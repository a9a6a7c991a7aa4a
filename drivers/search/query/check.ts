import { type Filter, type GroupsQuery, SearchError, type SearchField, type SearchQuery } from '../port.ts';
import type { Declared } from './declared.ts';

export const invalid = (message: string): SearchError => new SearchError('search.query-invalid', message);

const typeOf = {
  integer: 'number',
  float: 'number',
  date: 'number',
  boolean: 'boolean',
  keyword: 'string',
  text: 'string',
  colors: '-',
  vector: '-',
  bits: '-',
} as const;

const isFinite = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

/** @throws SearchError search.query-invalid when the filter's values are not of the field's kind */
function checkFilter(filter: Filter, field: SearchField): void {
  const type = typeOf[field.kind];
  const listed = 'any' in filter ? filter.any : 'all' in filter ? filter.all : 'none' in filter ? filter.none : undefined;
  if (listed !== undefined) {
    if (!Array.isArray(listed)) throw invalid(`the values for ${field.name} must be a list`);
    const odd: unknown = listed.find((value) => typeof value !== type || (type === 'number' && !isFinite(value)));
    if (odd !== undefined) throw invalid(`${field.name} takes a ${type}, not ${JSON.stringify(odd)}`);
    return;
  }
  const { gte, lte } = filter as { gte?: unknown; lte?: unknown };
  if (type !== 'number') throw invalid(`${field.name} has no ranges: give any, all or none`);
  if (gte === undefined && lte === undefined) throw invalid(`the filter of ${field.name} needs any, all, none, gte or lte`);
  for (const bound of [gte, lte]) {
    if (bound !== undefined && !isFinite(bound)) throw invalid(`${field.name} takes a number, not ${JSON.stringify(bound)}`);
  }
}

/** @throws SearchError search.query-invalid */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) throw invalid('limit must be a whole number from 1 to 200');
}

/** @throws SearchError search.query-invalid, search.field-unknown */
export function checkQuery({ q, limit, colors, filters = [], sort, facets = [], tally }: SearchQuery, declared: Declared): void {
  checkLimit(limit);
  if (q !== undefined && typeof q !== 'string') throw invalid('q must be a string');
  if (colors) {
    declared.expect(colors.field, 'colors');
    if (colors.near.length < 1 || colors.near.length > 5) throw invalid('a search takes from one to five colours');
    const odd = colors.near.some(({ l, a, b }) => ![l, a, b].every(isFinite));
    if (odd) throw invalid('a colour needs the numbers l, a and b');
  }
  for (const filter of filters) checkFilter(filter, declared.of(filter.field, 'filter'));
  for (const facet of facets) declared.of(facet, 'facet');
  if (tally !== undefined) declared.of(tally, 'facet');
  if (sort) declared.of(sort.field, 'sort');
}

/** @throws SearchError search.query-invalid, search.field-unknown */
export function checkGroups({ near, order, limit }: GroupsQuery, declared: Declared): void {
  checkLimit(limit);
  const [first, ...others] = near;
  if (!first) throw invalid('groups need a field of bits that their members are near in');
  declared.expect(first.field, 'bits');
  const most = (declared.fields.get(first.field)?.length ?? 0) / 4;
  if (!(first.within >= 0 && first.within <= most)) throw invalid(`within must be a number from 0 to ${most} for ${first.field}`);
  for (const { field, within } of others) {
    if (!(within >= 0)) throw invalid(`within must be a number from 0 up for ${field}`);
    const isNumber = ['integer', 'float', 'date'].includes(declared.fields.get(field)?.kind ?? '');
    if (isNumber) declared.of(field, 'sort');
    else declared.expectLikeness(field);
  }
  for (const { field } of order) declared.of(field, 'sort');
}
