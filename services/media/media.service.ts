import type { Context } from 'moleculer';
import { configOf, portsOf } from '../../config/ports.ts';
import { implement, type SchemaOf } from '../../mixins/implement.ts';
import { records, type RecordsService } from '../../mixins/records.ts';
import { tagCatalogOf } from '../../mixins/tag-catalog.ts';
import { tagListener } from '../../mixins/tag-listener.ts';
import type { TagNames } from '../../mixins/tag-names.ts';
import { upkeep, type Upkeep } from '../../mixins/upkeep.ts';
import { originOf } from '../contracts/asset.ts';
import { call } from '../contracts/contract.ts';
import { emit, events } from '../contracts/event.ts';
import { media } from '../contracts/media.ts';
import { pipeline } from '../contracts/pipeline.ts';
import { isVitrailError } from '../contracts/errors.ts';
import { assets, isShown, shown, type AssetRecord } from './asset-records.ts';
import { toAsset, toSubject } from './asset-view.ts';
import { assetTags } from './asset-tags.ts';
import { changesSince } from './changes.ts';
import { examineFiles } from './examine.ts';
import { locateOriginal, locateRendition, locateVariant } from './locate.ts';
import { beginRemoval, deletionsLeft, finishRemoval, purgeTombstones } from './removal.ts';
import { openRenderer, type Renderer } from './renderer.ts';
import { claimedKeys, missingBytesPatrol, trimCache } from './upkeep.ts';
import {
  checkRev,
  createAsset,
  editAsset,
  labelsOf,
  projectResult,
  settleAsset,
  shownAsset,
  tagAsset,
  touchAssets,
} from './writes.ts';

interface MediaService extends RecordsService<AssetRecord> {
  renderer: Renderer;
  patrol: () => Promise<AssetRecord[]>;
  upkeep: Upkeep;
}

/** The catalogue of tags, once it knows these names. */
async function namesWith(service: MediaService, used: readonly string[] = []): Promise<TagNames> {
  const catalog = tagCatalogOf(service.broker);
  await catalog.learn(used);
  return catalog.names();
}

const told = (record: AssetRecord) => ({ id: record.id, rev: record.rev, ...originOf(record) });
const changed = (record: AssetRecord) => ({ ...told(record), state: record.state as 'processing' });

/** Owns the assets: their records, their files, and which bytes answer a request for one. */
export default {
  name: 'media',
  mixins: [records(assets), tagListener],

  actions: implement<typeof media, MediaService>(media, {
    async get(ctx) {
      return toAsset(await shownAsset(this.adapter, ctx.params.id), await namesWith(this));
    },
    async edit(ctx) {
      const { id, ifMatch, ...edit } = ctx.params;
      await shownAsset(this.adapter, id);
      const names = await namesWith(this, edit.tags);
      const record = await editAsset(this.adapter, id, edit, names, ifMatch);
      await emit(ctx, events.assetChanged, changed(record));
      return toAsset(record, names);
    },
    async tags(ctx) {
      const record = await shownAsset(this.adapter, ctx.params.id);
      return { items: assetTags(record, await namesWith(this)) };
    },
    tag(ctx) {
      return tagged(this, ctx, { ...ctx.params, removed: false });
    },
    untag(ctx) {
      return tagged(this, ctx, { ...ctx.params, removed: true });
    },
    async touch(ctx) {
      await touchAssets(this.adapter, ctx.params.ids);
    },
    async remove(ctx) {
      const { id, ifMatch } = ctx.params;
      const record = await shownAsset(this.adapter, id);
      if (!(await beginRemoval(this.adapter, id, ifMatch))) {
        checkRev(await shownAsset(this.adapter, id), ifMatch);
        return;
      }
      await emit(ctx, events.assetDeleted, { ...told(record), rev: record.rev + 1 });
      await finishRemoval(this.adapter, portsOf(this.broker).blobs, (id) => call(ctx, pipeline.forget, { id }), record);
      this.renderer.forget();
    },
    async locate(ctx) {
      const { id, variant, v, ...wish } = ctx.params;
      const asset = await shownAsset(this.adapter, id);
      if (variant !== undefined) return locateVariant(asset, variant, v);
      if (wish.w === undefined && wish.h === undefined && wish.format === undefined) return locateOriginal(asset);
      return locateRendition(asset, wish, { renderer: this.renderer, edges: configOf(this.broker).renditionEdges });
    },
    async many(ctx) {
      const names = await namesWith(this);
      const records = (await this.adapter.findByIds(ctx.params.ids)).filter(isShown);
      const found = new Map(records.map((record) => [record.id, toAsset(record, names)]));
      return ctx.params.ids.flatMap((id) => found.get(id) ?? []);
    },
    async bySha(ctx) {
      const record = await this.adapter.findOne({ sha256: ctx.params.sha256 });
      return isShown(record) ? toAsset(record, await namesWith(this)) : null;
    },
    async create(ctx) {
      const names = await namesWith(this, ctx.params.edit?.tags);
      const { record, created } = await createAsset(this.adapter, ctx.params, names);
      if (created) await emit(ctx, events.assetCreated, told(record));
      return { asset: toAsset(record, names), created };
    },
    async project(ctx) {
      await namesWith(
        this,
        labelsOf(ctx.params.tags).map(({ name }) => name),
      );
      const record = await projectResult(this.adapter, ctx.params);
      if (record) await emit(ctx, events.assetChanged, changed(record));
      return record !== null;
    },
    async settle(ctx) {
      const record = await settleAsset(this.adapter, ctx.params.id, ctx.params.state);
      if (record) await emit(ctx, events.assetChanged, changed(record));
    },
    async subject(ctx) {
      const record = await this.adapter.findById(ctx.params.id);
      return isShown(record) ? toSubject(record) : null;
    },
    async unplanned(ctx) {
      const { plan, limit } = ctx.params;
      return (await this.adapter.find({ query: { plan: { $ne: plan }, state: { $in: shown } }, limit })).map(toSubject);
    },
    async planning(ctx) {
      const query = { state: { $in: shown } };
      const [assets, unplanned] = await Promise.all([
        this.adapter.count({ query }),
        this.adapter.count({ query: { ...query, plan: { $ne: ctx.params.plan } } }),
      ]);
      return { assets, unplanned };
    },
    async unsettled(ctx) {
      const { idleMs, limit } = ctx.params;
      const query = { state: 'processing', changedAt: { $lte: Date.now() - idleMs } };
      return (await this.adapter.find({ query, limit })).map(({ id }) => id);
    },
    async planned(ctx) {
      const { ids, plan } = ctx.params;
      await this.adapter.updateMany({ id: { $in: ids } }, { $set: { plan } });
    },
    async changes(ctx) {
      const names = await namesWith(this);
      const read = () => changesSince(this.adapter, names, ctx.params);
      const changes = await read();
      // Of records older than the catalogue, or written while it was away, it hears here.
      const unheard = changes.assets.flatMap(({ tags }) => tags).filter((name) => names.row(name) === undefined);
      if (unheard.length === 0) return changes;
      const before = names.size;
      await namesWith(this, unheard);
      return names.size > before ? read() : changes;
    },
    reconcile() {
      return reconcileMedia(this);
    },
    examine(ctx) {
      const again = (id: string, name: string) =>
        call(ctx, pipeline.replay, { id, name }).then(
          ({ replayed }) => replayed > 0,
          (error: unknown) => {
            if (isVitrailError(error, 'enrichment.not-found')) return false;
            throw error;
          },
        );
      return examineFiles({ records: this.adapter, blobs: portsOf(this.broker).blobs, fix: ctx.params.fix, again });
    },
    claims(ctx) {
      return claimedKeys(this.adapter, ctx.params.keys);
    },
  }),

  async started(this: MediaService) {
    const { blobs } = portsOf(this.broker);
    const config = configOf(this.broker);
    this.renderer = openRenderer(blobs, config);
    this.patrol = missingBytesPatrol(this.adapter, blobs);
    this.upkeep = upkeep({ logger: this.logger, everyMs: config.reconcileSeconds * 1000, round: () => reconcileMedia(this) });
    await Promise.resolve();
  },

  events: {
    async '$broker.started'(this: MediaService) {
      await this.upkeep.begin();
    },
  },

  async stopped(this: MediaService) {
    await this.upkeep.end();
  },
} satisfies SchemaOf<MediaService>;

/** Writes a person's word on one tag, and answers the tags that the asset has then. */
async function tagged(
  service: MediaService,
  ctx: Context,
  { ifMatch: revs, ...word }: { id: string; name: string; removed: boolean; ifMatch?: number[] | undefined },
) {
  await shownAsset(service.adapter, word.id);
  // The catalogue grows by what assets have, and not by what they have not.
  const names = await namesWith(service, word.removed ? [] : [word.name]);
  const record = await tagAsset(service.adapter, word.id, { ...word, revs }, names);
  await emit(ctx, events.assetChanged, changed(record));
  return { items: assetTags(record, names) };
}

async function reconcileMedia({ adapter, broker, patrol, logger, renderer }: MediaService): Promise<Record<string, number>> {
  const { blobs } = portsOf(broker);
  const removals = await deletionsLeft(adapter, Date.now());
  for (const { id } of removals) {
    // Someone may have finished it meanwhile, and the same bytes may have come again.
    const record = await adapter.findById(id);
    if (record?.state === 'deleting')
      await finishRemoval(adapter, blobs, (assetId) => call(broker, pipeline.forget, { id: assetId }), record);
  }
  const missing = await patrol();
  if (missing.length > 0) {
    const assetIds = missing.slice(0, 10).map(({ id }) => id);
    logger.error(`The bytes of ${missing.length} assets are gone; restore them or delete the assets`, { assetIds });
  }
  const trimmed = await trimCache(blobs, configOf(broker).cacheBytes);
  if (trimmed + removals.length > 0) renderer.forget();
  return {
    removed: removals.length,
    missing: missing.length,
    trimmed,
    purged: await purgeTombstones(adapter, Date.now()),
  };
}
