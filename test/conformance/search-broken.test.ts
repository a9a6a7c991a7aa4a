import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SearchError, type SearchDoc, type SearchIndex, type SearchQuery, type SearchResult } from '../../drivers/search/port.ts';
import { Engine } from '../../drivers/search/sqlite/engine.ts';
import { firstFailure } from './failures.ts';
import { searchCases } from './search.ts';

const root = await mkdtemp(join(tmpdir(), 'vitrail-broken-search-'));
afterAll(() => rm(root, { recursive: true, force: true }));

/** The sqlite driver without its thread. */
async function open(place: string): Promise<SearchIndex> {
  const engine = new Engine(join(root, `${place}.sqlite`));
  return {
    configure: (fields) => engine.configure(fields),
    put: (docs) => engine.put(docs),
    remove: (docs) => engine.remove(docs),
    find: (query) => engine.find(query),
    nearest: (query) => engine.nearest(query),
    groups: (query) => engine.groups(query),
    count: () => engine.count(),
    mark: () => engine.mark(),
    setMark: (mark) => engine.setMark(mark),
    close: () => engine.close(),
  };
}

type Breakage = (good: SearchIndex) => Partial<SearchIndex>;

const asking = (change: (query: SearchQuery) => SearchQuery): Breakage => {
  return (good) => ({ find: (query) => good.find(change(query)) });
};
const answering = (change: (result: SearchResult, query: SearchQuery) => SearchResult): Breakage => {
  return (good) => ({ find: async (query) => change(await good.find(query), query) });
};
const putting = (change: (doc: SearchDoc) => SearchDoc): Breakage => {
  return (good) => ({ put: (docs) => good.put(docs.map(change)) });
};
const forgiving = (...codes: string[]): Breakage => {
  return (good) => ({
    find: (query) =>
      good.find(query).catch((error: unknown) => {
        if (!(error instanceof SearchError) || !codes.includes(error.code)) throw error;
        return { ids: [], total: 0, facets: {}, next: null };
      }),
  });
};
const withoutField = (doc: SearchDoc, field: string): SearchDoc => ({
  ...doc,
  fields: Object.fromEntries(Object.entries(doc.fields).filter(([name]) => name !== field)),
});

/** One broken promise each. */
const breakages: Record<string, Breakage> = {
  'looks for the first word only': asking((query) => ({ ...query, q: query.q?.split(' ')[0] })),
  'knows only letters': asking((query) => ({ ...query, q: query.q?.replaceAll(/[^\p{L} ]/gu, '') })),
  'chokes on a quote': asking((query) => {
    if (query.q?.includes('"')) throw new Error('syntax error');
    return query;
  }),
  'finds nothing for a query without words': (good) => ({
    find: async (query) =>
      query.q !== undefined && !/[\p{L}\p{N}]/u.test(query.q) ? { ids: [], total: 0, facets: {}, next: null } : good.find(query),
  }),
  'looks into titles only': putting((doc) => withoutField(withoutField(doc, 'about'), 'labels')),
  'gives all fields the same weight': (good) => ({
    configure: (fields) => good.configure(fields.map((field) => ({ ...field, weight: 1 }))),
  }),
  'forgets filters': asking((query) => ({ ...query, filters: [] })),
  'takes all for any': asking((query) => ({
    ...query,
    filters: query.filters?.map((filter) => ('all' in filter ? { field: filter.field, any: filter.all } : filter)) ?? [],
  })),
  'leaves the upper bound out': asking((query) => ({
    ...query,
    filters:
      query.filters?.map((filter) =>
        'lte' in filter && filter.lte !== undefined && filter.lte < Infinity ? { ...filter, lte: filter.lte + 1e6 } : filter,
      ) ?? [],
  })),
  'counts the page for the total': answering((result) => ({ ...result, total: result.ids.length })),
  'counts facets with their own filters': (good) => ({
    async find(query) {
      const result = await good.find(query);
      if (!query.filters?.length) return result;
      const kept = query.filters.flatMap((filter) => ('any' in filter ? filter.any : []));
      const facets = Object.entries(result.facets).map(([name, values]) => [
        name,
        values.filter(({ value }) => kept.includes(value)),
      ]);
      return { ...result, facets: Object.fromEntries(facets) as SearchResult['facets'] };
    },
  }),
  'tallies no more than a facet': answering((result) => ({
    ...result,
    ...(result.tally && { tally: result.tally.slice(0, 50) }),
  })),
  'orders facets by value': answering((result) => ({
    ...result,
    facets: Object.fromEntries(
      Object.entries(result.facets).map(([name, values]) => [name, values.toSorted((a, b) => (a.value < b.value ? -1 : 1))]),
    ),
  })),
  'gives facets as text': answering((result) => ({
    ...result,
    facets: Object.fromEntries(
      Object.entries(result.facets).map(([name, values]) => [
        name,
        values.map(({ value, count }) => ({ value: String(value), count })),
      ]),
    ),
  })),
  'sorts one way only': asking((query) => ({ ...query, sort: query.sort && { ...query.sort, descending: false } })),
  'does not know the newest': asking((query) => ({
    ...query,
    sort: query.sort ?? (query.q || query.colors ? undefined : { field: 'width', descending: true }),
  })),
  'takes a missing number for 0': putting((doc) => ({ ...doc, fields: { width: 0, ...doc.fields } })),
  'shows the first page again': asking(({ cursor: _, ...query }) => query),
  'starts pages at an offset': (good) => ({
    async find({ cursor, ...query }) {
      const offset = Number(cursor ?? 0);
      if (!(query.limit > 0 && query.limit <= 200 && Number.isInteger(query.limit))) return good.find(query);
      const { ids, ...result } = await good.find({ ...query, limit: 200 });
      const end = offset + query.limit;
      return { ...result, ids: ids.slice(offset, end), next: end < ids.length ? String(end) : null };
    },
  }),
  'never ends a search': answering((result) => ({ ...result, next: result.next ?? 'more' })),
  'takes any cursor': forgiving('search.cursor-invalid'),
  'takes any field': forgiving('search.field-unknown'),
  'takes any value': forgiving('search.query-invalid'),
  'throws errors without a code': (good) => ({
    find: (query) =>
      good.find(query).catch((error: unknown) => {
        throw new Error(String(error));
      }),
  }),
  'knows no colours': asking((query) => ({ ...query, colors: query.colors?.field === 'palette' ? undefined : query.colors })),
  'asks for the first colour only': asking((query) => ({
    ...query,
    colors: query.colors && { ...query.colors, near: query.colors.near.slice(0, 1) },
  })),
  'does not mind the share of a colour': putting((doc) => ({
    ...doc,
    fields: Object.fromEntries(
      Object.entries(doc.fields).map(([name, value]) => [
        name,
        Array.isArray(value)
          ? (value.map((item: unknown) => (typeof item === 'object' ? { ...item, weight: 1 } : item)) as string[])
          : value,
      ]),
    ),
  })),
  'orders by colour backwards': answering((result, query) =>
    query.colors ? { ...result, ids: result.ids.toReversed() } : result,
  ),
  'keeps what was there before': (good) => {
    const seen = new Map<string, SearchDoc['fields']>();
    return {
      put: (docs) =>
        good.put(
          docs.map((doc) => {
            seen.set(doc.id, { ...seen.get(doc.id), ...doc.fields });
            return { ...doc, fields: { ...seen.get(doc.id) } };
          }),
        ),
    };
  },
  'lets the last write win': (good) => {
    let rev = 100;
    return {
      put: (docs) => good.put(docs.map((doc) => ({ ...doc, rev: ++rev }))),
      remove: (docs) => good.remove(docs.map((doc) => ({ ...doc, rev: ++rev }))),
    };
  },
  'refuses a put of the same revision': (good) => {
    const revs = new Map<string, number>();
    return {
      put: (docs) =>
        good.put(
          docs.filter(({ id, rev }) => {
            const newer = rev > (revs.get(id) ?? 0);
            if (newer) revs.set(id, rev);
            return newer;
          }),
        ),
    };
  },
  'forgets removals': (good) => {
    const removed = new Set<string>();
    return {
      async remove(docs) {
        for (const { id } of docs) removed.add(id);
        return good.remove(docs);
      },
      put: (docs) => good.put(docs.map((doc) => (removed.has(doc.id) ? { ...doc, rev: doc.rev + 100 } : doc))),
    };
  },
  'removes whatever the revision': (good) => ({ remove: (docs) => good.remove(docs.map(({ id }) => ({ id, rev: 1000 }))) }),
  'answers before it has written': (good) => ({
    async put(docs) {
      setImmediate(() => void good.put(docs).catch(() => undefined));
    },
  }),
  'drops the last of many': (good) => ({ put: (docs) => good.put(docs.slice(0, 1000)) }),
  'counts what is gone, too': (good) => {
    const seen = new Set<string>();
    return {
      async put(docs) {
        for (const { id } of docs) seen.add(id);
        return good.put(docs);
      },
      count: async () => seen.size,
    };
  },
  'forgets the mark': () => ({ mark: async () => null }),
  'takes the first declaration only': (good) => {
    let configured = false;
    return {
      async configure(fields) {
        if (!configured) await good.configure(fields);
        configured = true;
      },
    };
  },
};

describe('the conformance suite of search indexes', () => {
  it('passes the sqlite driver', async () => {
    expect(await firstFailure(searchCases, (place) => open(`good-${place}`))).toBeNull();
  });

  it.each(Object.entries(breakages))('fails an index that %s', async (name, broken) => {
    const failure = await firstFailure(searchCases, async (place) => {
      const good = await open(`${name.replaceAll(' ', '-')}-${place}`);
      return { ...good, ...broken(good) };
    });
    expect(failure).not.toBeNull();
  });

  it('fails an index that forgets when it is closed', async () => {
    let opened = 0;
    const failure = await firstFailure(searchCases, (place) => open(`forgetful-${place}-${opened++}`));
    expect(failure).toContain('opened again');
  });
});
