import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Groups, GroupsQuery, NearestQuery, Neighbour, SearchDoc, SearchIndex } from '../../drivers/search/port.ts';
import { Engine } from '../../drivers/search/sqlite/engine.ts';
import { firstFailure } from './failures.ts';
import { groups } from './search/groups.ts';
import { likeness } from './search/likeness.ts';

const root = await mkdtemp(join(tmpdir(), 'vitrail-broken-likeness-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const cases = [...likeness, ...groups];

type Likeness = Pick<SearchIndex, 'put' | 'nearest' | 'groups'>;
type Breakage = (good: Likeness) => Partial<Likeness>;

/** The sqlite driver without its thread, and with what is broken of it. */
async function open(place: string, broken: Breakage = () => ({})): Promise<SearchIndex> {
  const engine = new Engine(join(root, `${place}.sqlite`));
  const good: Likeness = {
    put: (docs) => engine.put(docs),
    nearest: (query) => engine.nearest(query),
    groups: (query) => engine.groups(query),
  };
  return {
    configure: (fields) => engine.configure(fields),
    remove: (docs) => engine.remove(docs),
    find: (query) => engine.find(query),
    count: () => engine.count(),
    mark: () => engine.mark(),
    setMark: (mark) => engine.setMark(mark),
    close: () => engine.close(),
    ...good,
    ...broken(good),
  };
}

const putting = (change: (fields: SearchDoc['fields']) => SearchDoc['fields']): Breakage => {
  return (good) => ({ put: (docs) => good.put(docs.map((doc) => ({ ...doc, fields: change(doc.fields) }))) });
};
const askingNearest = (change: (query: NearestQuery) => NearestQuery): Breakage => {
  return (good) => ({ nearest: (query) => good.nearest(change(query)) });
};
const measuring = (change: (found: Neighbour['distances']) => Neighbour['distances']): Breakage => {
  return (good) => ({
    nearest: async (query) => (await good.nearest(query)).map(({ id, distances }) => ({ id, distances: change(distances) })),
  });
};
const askingGroups = (change: (query: GroupsQuery) => GroupsQuery): Breakage => {
  return (good) => ({ groups: (query) => good.groups(change(query)) });
};
const beginning = ({ hash }: SearchDoc['fields']): string => (typeof hash === 'string' ? hash.slice(0, 4) : '');
/** Leaves members out by what the first of their group and they hold. */
const keepingApart = (
  apart: (first: SearchDoc['fields'], other: SearchDoc['fields'], query: GroupsQuery) => boolean,
): Breakage => {
  return (good) => {
    const held = new Map<string, SearchDoc['fields']>();
    const of = (member: { id: string } | undefined): SearchDoc['fields'] => held.get(member?.id ?? '') ?? {};
    return {
      async put(docs) {
        for (const { id, fields } of docs) held.set(id, fields);
        return good.put(docs);
      },
      async groups(query) {
        const { groups, ...rest } = await good.groups(query);
        const kept = groups.map((members) => members.filter((one) => !apart(of(members[0]), of(one), query)));
        return { ...rest, groups: kept.filter(({ length }) => length > 1) };
      },
    };
  };
};
/** One broken promise each. */
const breakages: Record<string, Breakage> = {
  'finds what is near by the first wish only': askingNearest((query) => ({ ...query, near: query.near.slice(0, 1) })),
  'finds what is not wanted': askingNearest(({ exclude: _, ...query }) => query),
  'lets those not wanted take places': (good) => ({
    async nearest({ exclude = [], ...query }) {
      return (await good.nearest(query)).filter(({ id }) => !exclude.includes(id));
    },
  }),
  'finds what is too far': askingNearest((query) => ({
    ...query,
    near: query.near.map(({ within: _, ...wish }) => wish),
  })),
  'misses one of the nearest': (good) => ({ nearest: async (query) => (await good.nearest(query)).slice(0, query.limit - 1) }),
  'tells one distance only': measuring((distances) => Object.fromEntries(Object.entries(distances).slice(0, 1))),
  'takes an angle for its opposite': measuring(({ embedding, ...distances }) => ({
    ...distances,
    ...(embedding !== undefined && { embedding: 1 - Math.abs(1 - embedding) }),
  })),
  'tells shares of bits': measuring(({ hash, ...distances }) => ({
    ...distances,
    ...(hash !== undefined && { hash: hash / 64 }),
  })),
  'sees the first half of the bits': putting(({ hash, ...fields }) => ({
    ...fields,
    ...(hash !== undefined && { hash: typeof hash === 'string' ? hash.slice(0, 8).padEnd(hash.length, '0') : hash }),
  })),
  'forgets vectors': putting(({ embedding: _, ...fields }) => fields),
  'looks for anything': (good) => ({ nearest: (query) => good.nearest(query).catch(() => []) }),
  'groups what is near to another member': askingGroups((query) => ({
    ...query,
    near: query.near.map(({ field, within }) => ({ field, within: 2 * within })),
  })),
  'groups by the first field alone': askingGroups((query) => ({ ...query, near: query.near.slice(0, 1) })),
  'keeps out who lacks a further field': keepingApart((_, other, { near }) => near.some(({ field }) => !(field in other))),
  'misses pairs that differ at the beginning': keepingApart((first, other) => beginning(first) !== beginning(other)),
  'orders groups by id': askingGroups((query) => ({ ...query, order: [] })),
  'orders groups by one field only': askingGroups((query) => ({ ...query, order: query.order.slice(0, 1) })),
  'shows all groups at once': askingGroups((query) => ({ ...query, limit: Math.min(query.limit * 50, 200) })),
  'shows the first groups again': askingGroups(({ cursor: _, ...query }) => query),
  'counts the groups of a page': (good) => ({
    async groups(query) {
      const found = await good.groups(query);
      return { ...found, total: found.groups.length };
    },
  }),
  'remembers groups for good': (good) => {
    const known = new Map<string, Groups>();
    return {
      async groups(query) {
        const key = JSON.stringify(query);
        const groups = known.get(key) ?? (await good.groups(query));
        known.set(key, groups);
        return groups;
      },
    };
  },
  'groups whatever is asked': (good) => ({
    groups: (query) => good.groups(query).catch(() => ({ groups: [], total: 0, next: null })),
  }),
};

describe('the conformance suite of likeness', () => {
  it('passes the sqlite driver', async () => {
    expect(await firstFailure(cases, (place) => open(`good-${place}`))).toBeNull();
  });

  it.each(Object.entries(breakages))('fails an index that %s', async (name, broken) => {
    expect(await firstFailure(cases, (place) => open(`${name.replaceAll(' ', '-')}-${place}`, broken))).not.toBeNull();
  });
});
