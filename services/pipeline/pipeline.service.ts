import type { Context } from 'moleculer';
import { configOf, portsOf } from '../../config/ports.ts';
import { lanes as allLanes, type Consumer } from '../../drivers/channel/port.ts';
import type { Records } from '../../drivers/records/port.ts';
import { catalogOf, type Catalog } from '../../mixins/catalog.ts';
import { isAway } from '../../mixins/engine-errors.ts';
import { implement, type SchemaOf } from '../../mixins/implement.ts';
import { isAlive } from '../../mixins/liveness.ts';
import { onMeshChange } from '../../mixins/mesh-link.ts';
import { patiently } from '../../mixins/patience.ts';
import { records, type RecordsService } from '../../mixins/records.ts';
import { upkeep, type Upkeep } from '../../mixins/upkeep.ts';
import type { Asset } from '../contracts/asset.ts';
import { call } from '../contracts/contract.ts';
import { emit, meshEvents, tellAll } from '../contracts/event.ts';
import { VitrailError } from '../contracts/errors.ts';
import { media } from '../contracts/media.ts';
import { pipeline, type LaneState } from '../contracts/pipeline.ts';
import { type BreakerChange, type Breakers, breakers } from './breakers.ts';
import { fingerprints } from './fingerprint.ts';
import { toEnrichment } from './entry.ts';
import { examineLedger } from './examine.ts';
import { hostsOf, inFlightOf, isHosted } from './hosts.ts';
import { openLanes, pauses, type OpenLanes } from './lanes.ts';
import { ledger, rowId, type LedgerRow } from './ledger.ts';
import { keep, manifestsInForce, manifestsOf, recall, type ManifestRow } from './memory.ts';
import { placement } from './placement.ts';
import { planAsset } from './plan.ts';
import { enricherHosts, underWay } from './enricher-hosts.ts';
import { type Anew, canReplay, quarantinedRows, quarantinePage, replayRows } from './quarantine.ts';
import { announce, freeLostRuns, reconcilePipeline, type ReconcileOptions } from './reconcile.ts';
import { staleRows, tallyOf } from './survey.ts';
import { pipelineWorker } from './worker.ts';

/** After this long, in ms, work comes again whose server or node was away. */
const awayMs = 2000;
/** So long after a node of the pipeline went away, in ms, others take up the assets it had in work. */
const leaseMs = 12_000;

interface PipelineService extends RecordsService<LedgerRow> {
  catalog: Catalog;
  /** What the mesh has in force, which outlives the nodes that host it. */
  memory: Records<ManifestRow>;
  lanes: OpenLanes;
  breakers: Breakers;
  parts: ReconcileOptions;
  consumer?: Consumer;
  upkeep: Upkeep;
  stopping: AbortController;
}

/** Owns the ledger: what is due, what ran, what failed, and why. The channel only says which asset has work. */
export default {
  name: 'pipeline',
  mixins: [records(ledger)],

  actions: implement<typeof pipeline, PipelineService>(pipeline, {
    async enrichments(ctx) {
      const asset = await call(ctx, media.get, { id: ctx.params.id });
      const expected = fingerprints(asset, this.catalog.manifests());
      const rows = await this.adapter.find({ query: { assetId: asset.id }, sort: ['enricher'] });
      return { items: rows.map((row) => toEnrichment(row, this.catalog.get(row.enricher), expected.get(row.enricher))) };
    },
    async replay(ctx) {
      const { id, name, stale } = ctx.params;
      const asset = await call(ctx, media.get, { id });
      const row = await this.adapter.findById(rowId(id, name));
      const fingerprint = fingerprints(asset, this.catalog.manifests()).get(name);
      if (!row || fingerprint === undefined)
        throw new VitrailError('enrichment.not-found', `No enricher '${name}' works on this asset.`);
      if (stale && row.fingerprint === fingerprint) return { replayed: 0 };
      return { replayed: await replay(this, [{ row, fingerprint }]) };
    },
    async enrichers() {
      const rows = await underWay(this.adapter);
      const infos = this.catalog.manifests().map(async (manifest) => ({
        ...manifest,
        available: this.catalog.available(manifest.name),
        missing: this.catalog.missing(manifest.name),
        enrichments: await tallyOf(this.adapter, manifest.name),
        hosts: enricherHosts(manifest, this.catalog.hosts(manifest.name), rows, this.breakers),
      }));
      return { items: await Promise.all(infos) };
    },
    async work(ctx) {
      const [lanes, planning, enrichments] = await Promise.all([
        laneStates(this),
        call(ctx, media.planning, { plan: this.catalog.hash() }),
        tallyOf(this.adapter),
      ]);
      return { lanes, ...planning, enrichments };
    },
    async quarantine(ctx) {
      const { limit, cursor, ...filter } = ctx.params;
      const { rows, ...page } = await quarantinePage(this.adapter, filter, limit, cursor);
      return { ...page, items: rows.map((row) => toEnrichment(row, this.catalog.get(row.enricher))) };
    },
    async replayMany(ctx) {
      const { stale, dryRun, ...filter } = ctx.params;
      const chosen = stale
        ? staleRows(this.adapter, this.broker, this.catalog.manifests(), filter)
        : quarantinedRows(this.adapter, filter);
      let replayed = 0;
      for await (const rows of chosen) replayed += dryRun ? rows.filter(canReplay).length : await replay(this, rows);
      return { replayed };
    },
    async forgetEnricher(ctx) {
      const { name } = ctx.params;
      if (!this.catalog.get(name)) throw new VitrailError('enricher.not-found', `No enricher '${name}' is known.`);
      if (isHosted(this.broker, name))
        throw new VitrailError('enricher.hosted', `A node hosts '${name}'; take it out of that node's plugins file first.`);
      await this.memory.removeById(name);
      await remember(this);
    },
    async lanes() {
      return { items: await laneStates(this) };
    },
    async setLane(ctx) {
      const { lane, paused } = ctx.params;
      await (paused ? this.lanes.pause(lane) : this.lanes.resume(lane));
      await tellAll(this.broker, meshEvents.lanesChanged, {});
      return { items: await laneStates(this) };
    },
    async manifests() {
      return this.broker.transit ? manifestsOf(await recall(this.memory)) : [];
    },
    async plan(ctx) {
      const { id, lane } = ctx.params;
      const asset = await call(ctx, media.subject, { id });
      if (!asset) return;
      const plan = this.catalog.hash();
      try {
        await planAsset(this.adapter, asset, this.catalog.manifests(), lane);
        await announce(portsOf(this.broker).channel, [id], lane);
        await call(ctx, media.planned, { ids: [id], plan });
      } catch (error) {
        // A round finds what is not planned, and comes again until it can do that.
        void this.upkeep.soon();
        throw error;
      }
    },
    examine(ctx) {
      const { broker, adapter, catalog } = this;
      const plan = async (asset: Asset): Promise<number> => {
        const entered = await planAsset(adapter, asset, catalog.manifests(), 'backfill');
        if (entered > 0) await call(broker, media.settle, { id: asset.id, state: 'processing' });
        await announce(portsOf(broker).channel, [asset.id], 'backfill');
        return entered;
      };
      return examineLedger({ broker, ledger: adapter, fix: ctx.params.fix, plan });
    },
    async forget(ctx) {
      await this.adapter.removeMany({ assetId: ctx.params.id });
    },
    reconcile() {
      return reconcilePipeline(this.parts, { alone: false });
    },
  }),

  created(this: PipelineService) {
    this.breakers = breakers();
  },

  async started(this: PipelineService) {
    const { channel } = portsOf(this.broker);
    const { retryMs, reconcileSeconds } = configOf(this.broker);
    this.catalog = catalogOf(this.broker);
    this.stopping = new AbortController();
    const worker = pipelineWorker({
      broker: this.broker,
      ledger: this.adapter,
      catalog: this.catalog,
      placement: placement(),
      hosts: (enricher) => hostsOf(this.broker, this.catalog, enricher),
      isAlive: (runner) => isAlive(this.broker, runner),
      retryMs,
      logger: this.logger,
    });
    this.parts = {
      broker: this.broker,
      ledger: this.adapter,
      channel,
      catalog: this.catalog,
      worker,
      isAlive: (runner) => isAlive(this.broker, runner),
      signal: this.stopping.signal,
    };
    this.upkeep = upkeep({
      logger: this.logger,
      everyMs: reconcileSeconds * 1000,
      round: async ({ first }) => {
        if (!first) await remember(this);
        // A word of it may have been lost.
        await rereadLanes(this);
        return reconcilePipeline(this.parts, { alone: first && !this.broker.transit });
      },
    });
    this.memory = portsOf(this.broker).records.collection(manifestsInForce);
    this.lanes = openLanes(portsOf(this.broker).records.collection(pauses));
    this.catalog.onChange(() => void this.upkeep.soon());
    onMeshChange(this.broker, () => void this.upkeep.soon());
    await Promise.resolve();
  },

  events: {
    async [meshEvents.lanesChanged.name](this: PipelineService) {
      await rereadLanes(this);
    },
    '$circuit-breaker.opened'(this: PipelineService, ctx: Context<BreakerChange>) {
      this.breakers.note(ctx.params, 'open');
    },
    '$circuit-breaker.half-opened'(this: PipelineService, ctx: Context<BreakerChange>) {
      this.breakers.note(ctx.params, 'half-open');
    },
    '$circuit-breaker.closed'(this: PipelineService, ctx: Context<BreakerChange>) {
      this.breakers.note(ctx.params, 'closed');
    },
    '$node.disconnected'(this: PipelineService, ctx: Context<{ node: { id: string } }>) {
      this.breakers.forget(ctx.params.node.id);
    },
    /** Only now is every service of this node there, and every enricher known. */
    async '$broker.started'(this: PipelineService) {
      const { channel } = portsOf(this.broker);
      const { signal } = this.stopping;
      await patiently(() => remember(this), { signal, limitMs: Infinity });
      await patiently(() => this.lanes.reread(), { signal, limitMs: Infinity });
      // What a crash left behind is free to be taken up before anything is; the rest of the first round may be long.
      await patiently(() => freeLostRuns(this.parts), { signal, limitMs: Infinity });
      const consume = () =>
        channel.consume(
          ({ body, signal }) =>
            this.parts.worker.work((body as { assetId: string }).assetId, signal).catch((error: unknown) => {
              // It is nobody's fault, least of all the asset's.
              if (isAway(error)) return { againInMs: awayMs };
              throw error;
            }),
          { inFlight: () => inFlightOf(this.broker, this.catalog), lanes: this.lanes.open, leaseMs },
        );
      this.consumer = await patiently(consume, { signal, limitMs: Infinity });
      await this.upkeep.begin();
    },
  },

  async stopped(this: PipelineService) {
    this.stopping.abort();
    await this.consumer?.stop(configOf(this.broker).graceSeconds * 1000);
    await this.upkeep.end();
  },
} satisfies SchemaOf<PipelineService>;

/**
 * Brings this node's catalog and the mesh's memory together, and tells the others what is new. A process that is alone has no use for
 * it: what it hosts is all there is.
 */
async function remember({ broker, catalog, memory, logger }: PipelineService): Promise<void> {
  if (!broker.transit) return;
  for (let tries = 0; tries < 5; tries++) {
    const recalled = await recall(memory);
    catalog.remember(manifestsOf(recalled));
    if (await keep(memory, recalled, catalog.manifests())) break;
    logger.debug('Another node has written down what is in force meanwhile');
  }
  await emit(broker, meshEvents.manifestsChanged, {});
}

async function replay(service: PipelineService, rows: readonly Anew[]): Promise<number> {
  const replayed = await replayRows(service.adapter, portsOf(service.broker).channel, rows);
  for (const id of new Set(replayed)) await call(service.broker, media.settle, { id, state: 'processing' });
  return replayed.length;
}

/** Reads again which lanes are paused, and has the consumer heed it. */
async function rereadLanes({ lanes, consumer }: PipelineService): Promise<void> {
  if (await lanes.reread()) consumer?.wake();
}

/** As it is written down: this node may not have heard yet of what another was told. */
async function laneStates(service: PipelineService): Promise<LaneState[]> {
  const { broker, lanes } = service;
  const [stats] = await Promise.all([portsOf(broker).channel.stats(), rereadLanes(service)]);
  return allLanes.map((lane) => ({ lane, ...stats[lane], paused: !lanes.open().includes(lane) }));
}
