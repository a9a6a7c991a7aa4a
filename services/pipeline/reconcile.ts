import type { ServiceBroker } from 'moleculer';
import { lanes, type Channel, type Lane } from '../../drivers/channel/port.ts';
import type { Query } from '../../drivers/records/port.ts';
import type { Catalog } from '../../mixins/catalog.ts';
import { patiently } from '../../mixins/patience.ts';
import { call } from '../contracts/contract.ts';
import { media } from '../contracts/media.ts';
import type { Ledger, LedgerRow } from './ledger.ts';
import { planAsset } from './plan.ts';
import { freeLost } from './run.ts';
import type { Worker } from './worker.ts';

/** Records read at once: the event loop is held for a few ms. */
const page = 100;
/** Rows of a page of assets, at most. */
const mostRows = page * 50;
/** Announced in one round, at most; the channel has work until long after the next. */
const mostAnnounced = 10_000;
/** Nothing is looked at twice while somebody may still be at it. */
const restMs = 30_000;

export interface ReconcileOptions {
  broker: ServiceBroker;
  ledger: Ledger;
  channel: Channel;
  catalog: Catalog;
  worker: Worker;
  /** Whether a broker instance is part of the mesh. */
  isAlive(runner: string): boolean;
  /** Aborted when the node stops: long rounds end between two pages. */
  signal: AbortSignal;
}

/** Says that assets have work; the ledger says which. */
export const announce = (channel: Channel, assetIds: readonly string[], lane: Lane): Promise<void> =>
  channel.publish(assetIds.map((assetId) => ({ lane, key: assetId, body: { assetId } })));

/** Tells the channel once rows are written, however long that takes: nobody would find them for a while. */
const tell = ({ channel, signal }: ReconcileOptions, assetIds: readonly string[], lane: Lane): Promise<void> =>
  patiently(() => announce(channel, assetIds, lane), { signal, limitMs: Infinity });

/** Frees rows whose runner is gone or silent beyond its lease. */
export async function freeLostRuns(options: ReconcileOptions): Promise<number> {
  const running = await options.ledger.find({ query: { status: 'running' }, limit: page });
  const lost = await freeLost(options.ledger, running, options.isAlive);
  for (const lane of lanes) {
    const ids = lost.filter((row) => row.lane === lane).map((row) => row.assetId);
    await tell(options, ids, lane);
  }
  return lost.length;
}

/** Shows results that were written down but not shown yet: the crash came in between. */
export async function showResults({ ledger, worker }: ReconcileOptions, idleMs: number): Promise<number> {
  const query = { status: 'done', projected: false, finishedAt: { $lte: Date.now() - idleMs } };
  const rows = await ledger.find({ query, limit: page });
  for (const row of rows) await worker.project(row);
  return rows.length;
}

/** Enters the work of assets that today's plan has not reached: new ones whose announcement was lost, and all after a change of enrichers. */
export async function planMissing(options: ReconcileOptions): Promise<number> {
  const { broker, ledger, catalog, signal } = options;
  let planned = 0;
  for (;;) {
    const plan = catalog.hash();
    const assets = await call(broker, media.unplanned, { plan, limit: page });
    const due: string[] = [];
    for (const asset of assets) if ((await planAsset(ledger, asset, catalog.manifests(), 'backfill')) > 0) due.push(asset.id);
    for (const id of due) await call(broker, media.settle, { id, state: 'processing' });
    // Also of those whose rows were entered before, and whose announcement failed then.
    const query = { assetId: { $in: assets.map(({ id }) => id) }, status: 'pending' };
    const waiting = assets.length > 0 ? await ledger.find({ query, limit: mostRows }) : [];
    await tell(options, [...new Set([...due, ...waiting.map(({ assetId }) => assetId)])], 'backfill');
    await call(broker, media.planned, { ids: assets.map(({ id }) => id), plan });
    planned += due.length;
    if (assets.length < page || signal.aborted) return planned;
  }
}

/** Rows that have been due for a while and that nobody runs, in the order in which they are due, a page at a time. */
async function* dueRows(ledger: Ledger, idleMs: number): AsyncGenerator<LedgerRow[]> {
  const until = { status: 'pending', dueAt: { $lte: Date.now() - idleMs } };
  for (let query: Query = until; ;) {
    const rows = await ledger.find({ query, sort: ['dueAt', 'id'], limit: page });
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    const { dueAt, id } = last;
    query = { $and: [until, { dueAt: { $gte: dueAt } }, { $or: [{ dueAt: { $gt: dueAt } }, { id: { $gt: id } }] }] };
  }
}

/**
 * Announces again what the channel has lost, while it is empty: assets with rows that are due and that nobody runs (where data came
 * here from elsewhere, all there are), and assets in processing that nothing happens to (their rows are settled, but a crash came
 * before the state was written).
 */
export async function announceLost(options: ReconcileOptions, idleMs: number): Promise<number> {
  const { broker, channel, ledger, signal } = options;
  const stats = Object.values(await channel.stats());
  if (stats.some(({ waiting, inFlight }) => waiting + inFlight > 0)) return 0;
  const unsettled = await call(broker, media.unsettled, { idleMs, limit: page });
  await tell(options, unsettled, 'backfill');
  let announced = unsettled.length;
  for await (const rows of dueRows(ledger, idleMs)) {
    await tell(options, [...new Set(rows.map(({ assetId }) => assetId))], 'backfill');
    announced += rows.length;
    if (signal.aborted || announced >= mostAnnounced) break;
  }
  return announced;
}

/** Rows that waited for an enricher become due when a node hosts it again. */
export async function wakeAvailable(options: ReconcileOptions): Promise<number> {
  const { broker, ledger, catalog, signal } = options;
  let woken = 0;
  for (const { name } of catalog.manifests().filter((manifest) => catalog.available(manifest.name))) {
    for (let more = true; more && !signal.aborted;) {
      const rows = await ledger.find({ query: { enricher: name, status: 'unavailable' }, limit: page });
      const query = { id: { $in: rows.map(({ id }) => id) }, status: 'unavailable' };
      woken += await ledger.updateMany(query, { $set: { status: 'pending', dueAt: Date.now() }, $unset: { error: true } });
      const ids = rows.map(({ assetId }) => assetId);
      await tell(options, ids, 'backfill');
      for (const id of ids) await call(broker, media.settle, { id, state: 'processing' });
      more = rows.length === page;
    }
  }
  return woken;
}

/** All of it. `alone`: nobody else can be at work (a process at its start that shares with none), so nothing needs to rest first. */
export async function reconcilePipeline(
  options: ReconcileOptions,
  { alone }: { alone: boolean },
): Promise<Record<string, number>> {
  const idleMs = alone ? 0 : restMs;
  return {
    freed: await freeLostRuns(options),
    shown: await showResults(options, idleMs),
    woken: await wakeAvailable(options),
    announced: await announceLost(options, idleMs),
    planned: await planMissing(options),
  };
}
