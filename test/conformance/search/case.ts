import assert from 'node:assert/strict';
import type {
  SearchDoc,
  SearchErrorCode,
  SearchField,
  SearchIndex,
  SearchQuery,
  SearchValue,
} from '../../../drivers/search/port.ts';

/** Opens the index of a place: an empty one for a place it has not seen, and the same again for one it has. */
export type OpenSearch = (place: string) => Promise<SearchIndex>;

export interface SearchCase {
  title: string;
  run(open: OpenSearch): Promise<void>;
}

export const fields: SearchField[] = [
  { name: 'title', kind: 'text', weight: 3 },
  { name: 'labels', kind: 'text', weight: 2, many: true },
  { name: 'about', kind: 'text' },
  { name: 'tags', kind: 'keyword', many: true, filter: true, facet: true },
  { name: 'type', kind: 'keyword', filter: true, facet: true, sort: true },
  { name: 'width', kind: 'integer', filter: true, facet: true, sort: true },
  { name: 'quality', kind: 'float', filter: true, sort: true },
  { name: 'hidden', kind: 'boolean', filter: true, facet: true },
  { name: 'createdAt', kind: 'date', filter: true, sort: true },
  { name: 'palette', kind: 'colors' },
  { name: 'hash', kind: 'bits', length: 64 },
  { name: 'embedding', kind: 'vector', length: 4 },
  { name: 'plain', kind: 'keyword' },
];

/** A case with an index of its own, which knows `fields`. */
export function searchCase(title: string, body: (index: SearchIndex) => Promise<void>): SearchCase {
  return {
    title,
    async run(open) {
      const index = await open(placeOf(title));
      try {
        await index.configure(fields);
        await body(index);
      } finally {
        await index.close();
      }
    },
  };
}

/** A case in which the index is closed and opened again; it starts without any fields. */
export function reopeningCase(title: string, body: (open: () => Promise<SearchIndex>) => Promise<void>): SearchCase {
  return {
    title,
    async run(open) {
      const opened: SearchIndex[] = [];
      try {
        await body(async () => {
          await opened.at(-1)?.close();
          const index = await open(placeOf(title));
          opened.push(index);
          return index;
        });
      } finally {
        await opened.at(-1)?.close();
      }
    },
  };
}

/** What a driver in another thread or process answers has other prototypes than what a test under jest writes down. */
export function same(actual: unknown, expected: unknown, message?: string): void {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  assert.deepEqual(plain(actual), plain(expected), message);
}

const placeOf = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

export const doc = (id: string, values: Record<string, SearchValue>, rev = 1): SearchDoc => ({ id, rev, fields: values });

export async function found(index: SearchIndex, query: Partial<SearchQuery>): Promise<string[]> {
  const { ids } = await index.find({ limit: 200, ...query });
  return ids;
}

/** What is found, by id: for cases that promise no order. */
export const foundSet = async (index: SearchIndex, query: Partial<SearchQuery>): Promise<string[]> =>
  (await found(index, query)).sort();

export const refuses = (index: SearchIndex, query: Partial<SearchQuery>, code: SearchErrorCode): Promise<void> =>
  assert.rejects(() => index.find({ limit: 10, ...query }), { name: 'SearchError', code });

/** All pages of a query. `between` runs after each page. */
export async function paged(
  index: SearchIndex,
  query: SearchQuery,
  between: (page: number) => Promise<void> = async () => {},
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; cursor !== null; page++) {
    assert.ok(page < 100, 'paging comes to an end');
    const result = await index.find({ ...query, cursor });
    assert.ok(result.ids.length <= query.limit);
    ids.push(...result.ids);
    cursor = result.next;
    await between(page);
  }
  return ids;
}
