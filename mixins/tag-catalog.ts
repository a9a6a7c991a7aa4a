import type { Context, Service, ServiceBroker, ServiceSchema } from 'moleculer';
import { call } from '../services/contracts/contract.ts';
import { events } from '../services/contracts/event.ts';
import { tags } from '../services/contracts/tags.ts';
import { TagNames, tagKey } from './tag-names.ts';

/** The catalogue of tags as this node knows it. */
export interface TagCatalog {
  /** Read whole at the first call and kept fresh from then on: the same object every time. */
  names(): Promise<TagNames>;
  /** Reads these names again. */
  refresh(names: readonly string[]): Promise<void>;
  /** Sees to it that the catalogue knows these names. Where it cannot now, they are spelled as they are until it does. */
  learn(names: readonly string[]): Promise<void>;
}

const page = 5000;

function open(broker: ServiceBroker): TagCatalog {
  const known = new TagNames();
  let loaded: Promise<TagNames> | undefined;

  async function load(): Promise<TagNames> {
    for (let after = ''; ;) {
      const rows = await call(broker, tags.rows, { after, limit: page });
      for (const row of rows) known.put(row);
      after = rows.at(-1)?.id ?? after;
      if (rows.length < page) return known;
    }
  }
  const names = () =>
    (loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    }));

  return {
    names,
    async refresh(changed) {
      await names();
      const ids = [...new Set(changed.map(tagKey))];
      const rows = new Map((await call(broker, tags.rows, { ids })).map((row) => [row.id, row]));
      for (const id of ids) {
        const row = rows.get(id);
        if (row) known.put(row);
        else known.drop(id);
      }
    },
    async learn(used) {
      await names();
      const unknown = used.filter((name) => known.row(name) === undefined);
      if (unknown.length === 0) return;
      try {
        for (const row of await call(broker, tags.learn, { names: unknown })) known.put(row);
      } catch (error) {
        broker.getLogger('tags').warn('The catalogue learns some names later', { names: unknown }, error);
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

/**
 * For services that read the catalogue: what is changed on another node is read again here. Those of one node form a group, of
 * which one is told.
 */
export const tagListener: Partial<ServiceSchema> & { merged(this: Service, schema: ServiceSchema): void } = {
  merged(schema) {
    const listener = {
      group: `tags:${this.broker.nodeID}`,
      async handler(this: Service, ctx: Context<{ names: string[] }>) {
        // What was changed here is known here before anybody is told.
        if (ctx.nodeID !== this.broker.nodeID) await tagCatalogOf(this.broker).refresh(ctx.params.names);
      },
    };
    schema.events = { ...schema.events, [events.tagsChanged.name]: listener } as NonNullable<ServiceSchema['events']>;
  },
};
