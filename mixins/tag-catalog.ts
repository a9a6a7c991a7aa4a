import { setImmediate as othersFirst } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ServiceBroker } from 'moleculer';
import { call } from '../services/contracts/contract.ts';
import { tagLimits } from '../services/contracts/tag-limits.ts';
import { tags, type TagRow } from '../services/contracts/tags.ts';
import { eachInSlices } from './each-in-slices.ts';
import { tagKey } from './tag-key.ts';
import { TagNames } from './tag-names.ts';

/** The catalogue of tags as this node knows it. */
export interface TagCatalog {
  /** Read whole at the first call and kept fresh from then on: the same object every time. */
  names(): Promise<TagNames>;
  /** Reads these names again. */
  refresh(names: readonly string[]): Promise<void>;
  /** Reads all names again, where they have been read. Answers how many were not as they were known here. */
  reread(): Promise<number>;
  /** Sees to it that the catalogue knows these names. Where it cannot now, they are spelled as they are until it does. */
  learn(names: readonly string[]): Promise<void>;
}

function* slices<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += tagLimits.atOnce) yield all.slice(from, from + tagLimits.atOnce);
}

function open(broker: ServiceBroker): TagCatalog {
  const known = new TagNames();
  let loaded: Promise<TagNames> | undefined;
  let full = false;

  async function* pages(): AsyncGenerator<TagRow[]> {
    for (let after = ''; ;) {
      const rows = await call(broker, tags.rows, { after, limit: tagLimits.atOnce });
      yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < tagLimits.atOnce) return;
      after = last.id;
      await othersFirst();
    }
  }
  async function load(): Promise<TagNames> {
    for await (const rows of pages()) for (const row of rows) known.put(row);
    return known;
  }
  const names = () =>
    (loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    }));

  async function readAgain(ids: readonly string[]): Promise<void> {
    for (const some of slices(ids)) {
      const rows = new Map((await call(broker, tags.rows, { ids: some })).map((row) => [row.id, row]));
      for (const id of some) {
        const row = rows.get(id);
        if (row) known.put(row);
        else known.drop(id);
      }
      await othersFirst();
    }
  }

  function sayFull(): void {
    if (!full)
      broker
        .getLogger('tags')
        .warn(`The catalogue of tags is full (${tagLimits.catalogue} names); further names work as they are spelled`);
    full = true;
  }

  return {
    names,
    async refresh(changed) {
      await names();
      await readAgain([...new Set(changed.map(tagKey))]);
    },
    async reread() {
      if (!loaded) return 0;
      await names();
      const seen = new Set<string>();
      const changed: string[] = [];
      for await (const rows of pages())
        for (const row of rows) {
          seen.add(row.id);
          if (!isDeepStrictEqual(known.row(row.id), row)) changed.push(row.id);
        }
      await eachInSlices(known.ids(), (id) => {
        if (!seen.has(id)) changed.push(id);
      });
      // What was read is of some moments ago: of what differs, the state of now counts.
      await readAgain(changed);
      return changed.length;
    },
    async learn(used) {
      await names();
      const unknown = new Map<string, string>();
      for (const name of used) {
        const key = tagKey(name);
        if (!unknown.has(key) && known.row(name) === undefined) unknown.set(key, name);
      }
      for (const some of slices([...unknown.values()])) {
        if (known.size >= tagLimits.catalogue) {
          sayFull();
          return;
        }
        try {
          const learned = await call(broker, tags.learn, { names: some });
          for (const row of learned) known.put(row);
          if (learned.length < some.length) sayFull();
        } catch (error) {
          broker.getLogger('tags').warn('The catalogue learns some names later', { names: unknown.size }, error);
          return;
        }
      }
    },
  };
}

const catalogs = new WeakMap<ServiceBroker, TagCatalog>();

/** The catalogue of tags of a broker; one for all who ask. */
export function tagCatalogOf(broker: ServiceBroker): TagCatalog {
  const existing = catalogs.get(broker);
  if (existing) return existing;
  const catalog = open(broker);
  catalogs.set(broker, catalog);
  return catalog;
}
