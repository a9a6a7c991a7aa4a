import type { Filter, SearchField } from '../port.ts';
import type { Declared } from '../query/declared.ts';
import { pathOf } from './mapping.ts';
import type { Json } from './server.ts';

/** A filter that has been checked to fit its field. */
export function filterQuery(filter: Filter, field: SearchField): Json {
  const path = pathOf(field);
  if ('any' in filter) return { terms: { [path]: filter.any } };
  if ('none' in filter) return { bool: { must_not: [{ terms: { [path]: filter.none } }] } };
  if ('all' in filter) return { bool: { filter: filter.all.map((value) => ({ term: { [path]: value } })) } };
  const { gte, lte } = filter;
  return { range: { [path]: { ...(gte !== undefined && { gte }), ...(lte !== undefined && { lte }) } } };
}

/** Filters as queries, by the field they are on. */
export function filterQueries(filters: readonly Filter[], declared: Declared): { field: string; query: Json }[] {
  return filters.flatMap((filter) => {
    const field = declared.fields.get(filter.field);
    return field ? [{ field: filter.field, query: filterQuery(filter, field) }] : [];
  });
}
