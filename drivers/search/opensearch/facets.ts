import type { SearchField, SearchResult } from '../port.ts';
import { keptAs, pathOf } from './mapping.ts';
import type { Json, Server } from './server.ts';

/** Values told of one field. */
const most = 50;
/** Values of a tally that are asked for at once. */
const page = 1000;

type Counts = SearchResult['facets'][string];
interface Bucket {
  key: string | number;
  doc_count: number;
}

/** OpenSearch counts switches as 0 and 1. */
const valueOf = (field: SearchField, key: string | number): string | number | boolean =>
  keptAs(field) === 'switches' ? key === 1 : key;

/** Counts of each field under the filters of all others. */
export function facetAggregations(fields: readonly SearchField[], filters: readonly { field: string; query: Json }[]): Json {
  return Object.fromEntries(
    fields.map((field, i) => {
      const others = filters.filter((filter) => filter.field !== field.name).map(({ query }) => query);
      const values = { terms: { field: pathOf(field), size: most, order: [{ _count: 'desc' }, { _key: 'asc' }] } };
      // A filter that lets all through would still be asked for each document.
      return [`f${i}`, others.length > 0 ? { filter: { bool: { filter: others } }, aggs: { values } } : values];
    }),
  );
}

export function facetsOf(
  fields: readonly SearchField[],
  aggregations: Record<string, { buckets: Bucket[] } | { values: { buckets: Bucket[] } }> = {},
): SearchResult['facets'] {
  return Object.fromEntries(
    fields.map((field, i) => {
      const found = aggregations[`f${i}`] ?? { buckets: [] };
      const { buckets } = 'values' in found ? found.values : found;
      return [field.name, buckets.map(({ key, doc_count }) => ({ value: valueOf(field, key), count: doc_count }))];
    }),
  );
}

/** Every value of a field among what a query finds, page by page. */
export async function tallyOf(
  field: SearchField,
  query: Json,
  { server, alias }: { server: Server; alias: string },
): Promise<Counts> {
  const counts: Counts = [];
  for (let after: Json | undefined; ;) {
    const values = {
      composite: { size: page, sources: [{ value: { terms: { field: pathOf(field) } } }], ...(after && { after }) },
    };
    const { aggregations } = await server.ask<{
      aggregations: { values: { buckets: { key: { value: string | number | boolean }; doc_count: number }[]; after_key?: Json } };
    }>('POST', `/${alias}/_search`, { body: { size: 0, track_total_hits: false, query, aggs: { values } } });
    const { buckets, after_key } = aggregations.values;
    counts.push(...buckets.map(({ key, doc_count }) => ({ value: key.value, count: doc_count })));
    if (buckets.length < page || !after_key) return counts;
    after = after_key;
  }
}
