import { configOf, portsOf } from '../../config/ports.ts';
import { catalogOf, type Catalog } from '../../mixins/catalog.ts';
import { implement, type SchemaOf } from '../../mixins/implement.ts';
import { tagCatalogOf } from '../../mixins/tag-catalog.ts';
import { tagListener } from '../../mixins/tag-listener.ts';
import { onMeshChange } from '../../mixins/mesh-link.ts';
import { upkeep, type Upkeep } from '../../mixins/upkeep.ts';
import type { Context, Service } from 'moleculer';
import type { Asset } from '../contracts/asset.ts';
import { call } from '../contracts/contract.ts';
import { events } from '../contracts/event.ts';
import { media } from '../contracts/media.ts';
import { search } from '../contracts/search.ts';
import { examineIndex } from './examine.ts';
import { indexFeeder, type Feeder } from './feeder.ts';
import { duplicatesOf } from './duplicates.ts';
import { indexFields, searchFields } from './fields.ts';
import { searchQuery } from './parameters.ts';
import { refuse } from './refusal.ts';
import { signsOf } from './signs.ts';
import { similarTo } from './similar.ts';

interface SearchService extends Service {
  catalog: Catalog;
  feeder: Feeder;
  upkeep: Upkeep;
  rebuilding: Promise<unknown> | undefined;
  /** The set of enrichers that the index knows the fields of. */
  configured?: string;
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
    rebuild() {
      if (this.rebuilding) return { started: false };
      this.rebuilding = this.feeder
        .rebuild()
        .then(
          (indexed) => this.logger.info('The index was made anew', { indexed }),
          (error: unknown) => this.logger.error('The index could not be made anew; the one there is goes on', error),
        )
        .finally(() => (this.rebuilding = undefined));
      return { started: true };
    },
    examine(ctx) {
      const { feeder, broker } = this;
      const { fix } = ctx.params;
      return examineIndex({ broker, index: portsOf(broker).search, fix, feed: feeder.feed, rebuild: feeder.rebuild });
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
      // The first change after a while is found at once; of many, a shared index is refreshed less often, with more at a time.
      restMs: this.broker.transit ? 2000 : 100,
      round: async () => {
        await configure(this);
        await this.feeder.feed();
        return {};
      },
    });
    this.catalog.onChange(() => void this.upkeep.soon());
    // News of changes may have been lost with a node, or on the way.
    onMeshChange(this.broker, () => void this.upkeep.soon());
    await Promise.resolve();
  },

  async stopped(this: SearchService) {
    await this.upkeep.end();
  },
} satisfies SchemaOf<SearchService>;

/** Tells the index the fields of today's enrichers, where it does not know them yet. */
async function configure(service: SearchService): Promise<void> {
  const { broker, catalog } = service;
  const hash = catalog.hash();
  if (service.configured === hash) return;
  await portsOf(broker).search.configure(indexFields(catalog.manifests()));
  service.configured = hash;
}

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
