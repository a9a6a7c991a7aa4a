import type { SearchResult } from '../port.ts';
import type { Column } from '../columns/column.ts';
import type { Narrowed } from './narrow.ts';

/** Values told of one field. */
const most = 50;

/** The values of each field among the rows that its own filters would not have kept out, most frequent first. */
export function facetsOf(
  names: readonly string[],
  { passed, without }: Narrowed,
  columns: ReadonlyMap<string, Column>,
): SearchResult['facets'] {
  const facets: SearchResult['facets'] = {};
  for (const name of names) {
    const column = columns.get(name);
    const counts = new Map((column?.count(passed) ?? []).map(({ value, count }) => [value, count]));
    for (const { value, count } of column?.count(without.get(name) ?? []) ?? [])
      counts.set(value, (counts.get(value) ?? 0) + count);
    facets[name] = [...counts]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))
      .slice(0, most);
  }
  return facets;
}
