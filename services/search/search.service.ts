import { configOf, portsOf } from '../../config/ports.ts';
import { SearchError } from '../../drivers/search/port.ts';
import { catalogOf, type Catalog } from '../../mixins/catalog.ts';
import { implement, type SchemaOf } from '../../mixins/implement.ts';
import { tagCatalogOf } from '../../mixins/tag-catalog.ts';
import { tagListener } from '../../mixins/tag-listener.ts';
import { upkeep, type Upkeep } from '../../mixins/upkeep.ts';
import type { Context, Service } from 'moleculer';
import type { Asset } from '../contracts/asset.ts';
import { call } from '../contracts/contract.ts';
import { cursorInvalid } from '../contracts/cursor.ts';
import { VitrailError } from '../contracts/errors.ts';
import { events } from '../contracts/event.ts';
import { media } from '../contracts/media.ts';
import { search } from '../contracts/search.ts';
import { indexFeeder, type Feeder } from './feeder.ts';
import { duplicatesOf } from './duplicates.ts';
import { indexFields, searchFields } from './fields.ts';
import { searchQuery } from './parameters.ts';
import { signsOf } from './signs.ts';
import { similarTo } from './similar.ts';

interface SearchService extends Service {
  catalog: Catalog;
  feeder: Feeder;
  upkeep: Upkeep;
}

/** Owns the index: keeps it fed from the records, and answers searches. */
export default {
  name: 'search',
  mixins: [tagListener],

  actions: implement<typeof search, SearchService>(search, {
    async query(ctx) {
      const names = await tagCatalogOf(this.broker).names();
      const query = searchQuery(ctx.params, searchFields(this.catalog.manifests()), (tag) => names.meanings(tag));
      const { ids, ...found } = await portsOf(this.broker).search.find(query).catch(refuse);
      return { items: await call(ctx, media.many, { ids }), ...found };
    },
    async tagUse(ctx) {
      const { beside } = ctx.params;
      const filters = beside && [{ field: 'tags', any: beside }];
      const { tally = [] } = await portsOf(this.broker).search.find({ tally: 'tags', limit: 1, ...(filters && { filters }) });
      return { items: tally.map(({ value, count }) => ({ name: String(value), count })) };
    },
    async tagged(ctx) {
      const { names, cursor, limit } = ctx.params;
      const query = { filters: [{ field: 'tags', any: names }], sort: { field: 'createdAt', descending: false }, cursor, limit };
      const { ids, next } = await portsOf(this.broker).search.find(query);
      return { ids, next };
    },
    async similar(ctx) {
      const { id, limit } = ctx.params;
      const asset = await call(ctx, media.get, { id });
      return { items: await similarTo(asset, limit, reachOf(this, ctx)).catch(refuse) };
    },
    duplicates(ctx) {
      return duplicatesOf(ctx.params, reachOf(this, ctx)).catch(refuse);
    },
    async feed() {
      return { fed: await this.feeder.feed() };
    },
  }),

  events: {
    [events.assetCreated.name](this: SearchService) {
      void this.upkeep.soon();
    },
    [events.assetChanged.name](this: SearchService) {
      void this.upkeep.soon();
    },
    [events.assetDeleted.name](this: SearchService) {
      void this.upkeep.soon();
    },
    async '$broker.started'(this: SearchService) {
      await portsOf(this.broker).search.configure(indexFields(this.catalog.manifests()));
      await this.upkeep.begin();
    },
  },

  async started(this: SearchService) {
    this.catalog = catalogOf(this.broker);
    const { search: index } = portsOf(this.broker);
    this.feeder = indexFeeder(this.broker, index, () => this.catalog.manifests());
    this.upkeep = upkeep({
      logger: this.logger,
      everyMs: configOf(this.broker).reconcileSeconds * 1000,
      // Each round of a shared index is a refresh of it: they are fewer, and larger.
      restMs: this.broker.transit ? 1000 : 100,
      round: async () => {
        await this.feeder.feed();
        return {};
      },
    });
    this.catalog.onChange(() => {
      index
        .configure(indexFields(this.catalog.manifests()))
        .catch((error: unknown) => this.logger.error('The index did not take the new fields', error));
    });
    await Promise.resolve();
  },

  async stopped(this: SearchService) {
    await this.upkeep.end();
  },
} satisfies SchemaOf<SearchService>;

/** What looking for likeness needs. */
function reachOf(service: SearchService, ctx: Context) {
  const most = 500;
  return {
    index: portsOf(service.broker).search,
    signs: signsOf(service.catalog.manifests()),
    async many(ids: readonly string[]): Promise<Asset[]> {
      const assets: Asset[] = [];
      for (let from = 0; from < ids.length; from += most)
        assets.push(...(await call(ctx, media.many, { ids: ids.slice(from, from + most) })));
      return assets;
    },
  };
}

function refuse(error: unknown): never {
  throw refusalOf(error);
}

/** What a client did wrong, in the words of the error table; anything else stays what it is. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof SearchError)) return error;
  if (error.code === 'search.cursor-invalid') return cursorInvalid();
  return new VitrailError('params.invalid', error.message);
}
