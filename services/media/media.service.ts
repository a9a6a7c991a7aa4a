import type { Context } from 'moleculer';
import { configOf, portsOf } from '../../config/ports.ts';
import { implement, type SchemaOf } from '../../mixins/implement.ts';
import { records, type RecordsService } from '../../mixins/records.ts';
import { upkeep, type Upkeep } from '../../mixins/upkeep.ts';
import { call } from '../contracts/contract.ts';
import { emit, events } from '../contracts/event.ts';
import { media } from '../contracts/media.ts';
import { pipeline } from '../contracts/pipeline.ts';
import { assets, isShown, shown, toAsset, toSubject, type AssetRecord } from './asset-records.ts';
import { changesSince } from './changes.ts';
import { locateOriginal, locateRendition, locateVariant } from './locate.ts';
import { beginRemoval, deletionsLeft, finishRemoval, purgeTombstones } from './removal.ts';
import { openRenderer, type Renderer } from './renderer.ts';
import { claimedKeys, missingBytesPatrol, trimCache } from './upkeep.ts';
import { createAsset, editAsset, projectResult, settleAsset, shownAsset } from './writes.ts';

interface MediaService extends RecordsService<AssetRecord> {
  renderer: Renderer;
  patrol: () => Promise<AssetRecord[]>;
  upkeep: Upkeep;
}

const changed = ({ id, rev, state }: AssetRecord) => ({ id, rev, state: state as 'processing' });

/** Owns the assets: their records, their files, and which bytes answer a request for one. */
export default {
  name: 'media',
  mixins: [records(assets)],

  actions: implement<typeof media, MediaService>(media, {
    async get(ctx) {
      return toAsset(await shownAsset(this.adapter, ctx.params.id));
    },
    async edit(ctx) {
      const { id, ...edit } = ctx.params;
      const record = await editAsset(this.adapter, id, edit);
      await emit(ctx, events.assetChanged, changed(record));
      return toAsset(record);
    },
    async remove(ctx) {
      const record = await shownAsset(this.adapter, ctx.params.id);
      if (!(await beginRemoval(this.adapter, record.id))) return;
      await emit(ctx, events.assetDeleted, { id: record.id, rev: record.rev + 1 });
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
      const found = new Map(
        (await this.adapter.findByIds(ctx.params.ids)).filter(isShown).map((record) => [record.id, toAsset(record)]),
      );
      return ctx.params.ids.flatMap((id) => found.get(id) ?? []);
    },
    async bySha(ctx) {
      const record = await this.adapter.findOne({ sha256: ctx.params.sha256 });
      return isShown(record) ? toAsset(record) : null;
    },
    async create(ctx) {
      const { record, created } = await createAsset(this.adapter, ctx.params);
      if (created) await emit(ctx, events.assetCreated, { id: record.id, rev: record.rev });
      return { asset: toAsset(record), created };
    },
    async project(ctx) {
      if (await projectResult(this.adapter, ctx.params)) await tell(this, ctx, ctx.params.id);
    },
    async settle(ctx) {
      if (await settleAsset(this.adapter, ctx.params.id, ctx.params.state)) await tell(this, ctx, ctx.params.id);
    },
    async subject(ctx) {
      const record = await this.adapter.findById(ctx.params.id);
      return isShown(record) ? toSubject(record) : null;
    },
    async unplanned(ctx) {
      const { plan, limit } = ctx.params;
      return (await this.adapter.find({ query: { plan: { $ne: plan }, state: { $in: shown } }, limit })).map(toSubject);
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
    changes(ctx) {
      return changesSince(this.adapter, ctx.params.since, ctx.params.limit);
    },
    reconcile() {
      return reconcileMedia(this);
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

/** Says that an asset changed, with the revision it has now. */
async function tell(service: MediaService, ctx: Context, id: string): Promise<void> {
  const record = await service.adapter.findById(id);
  if (isShown(record)) await emit(ctx, events.assetChanged, changed(record));
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
