import type { ServiceBroker } from 'moleculer';
import type { Channel, Lane } from '../../drivers/channel/port.ts';
import type { Catalog } from '../../mixins/catalog.ts';
import { call } from '../contracts/contract.ts';
import { media } from '../contracts/media.ts';
import type { Ledger } from './ledger.ts';
import { maxInterruptions } from './outcome.ts';
import { planAsset } from './plan.ts';
import type { Worker } from './worker.ts';

const page = 200;
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
}

/** Says that assets have work; the ledger says which. */
export const announce = (channel: Channel, assetIds: readonly string[], lane: Lane): Promise<void> =>
  channel.publish(assetIds.map((assetId) => ({ lane, key: assetId, body: { assetId } })));

/**
 * Frees rows whose runner is gone or silent beyond its lease. An interrupted run says little of the file, so it comes again, but
 * later each time: a file that takes its node down with it waits behind all others, and is quarantined in the end.
 */
export async function freeLostRuns({ ledger, channel, isAlive }: ReconcileOptions): Promise<number> {
  const now = Date.now();
  const running = await ledger.find({ query: { status: 'running' }, limit: 10_000 });
  const lost = running.filter((row) => (row.leaseUntil ?? 0) < now || !isAlive(row.runner ?? ''));
  for (const row of lost) {
    const interruptions = row.interruptions + 1;
    const suspected = interruptions >= maxInterruptions;
    const error = {
      class: 'resource',
      code: 'enricher.crashed',
      message: `Its node went away in ${interruptions} runs.`,
      at: new Date(now).toISOString(),
    };
    await ledger.updateMany(
      { id: row.id, claim: row.claim ?? '', status: 'running' },
      {
        $set: {
          interruptions,
          error,
          ...(suspected
            ? { status: 'quarantined', finishedAt: now }
            : { status: 'pending', dueAt: now + 250 * (interruptions - 1) ** 2 }),
        },
        $unset: { claim: true, runner: true, leaseUntil: true },
      },
    );
  }
  for (const lane of ['interactive', 'backfill'] as const) {
    await announce(
      channel,
      lost.filter((row) => row.lane === lane).map((row) => row.assetId),
      lane,
    );
  }
  return lost.length;
}

/** Shows results that were written down but not shown yet: the crash came in between. */
export async function showResults({ ledger, worker }: ReconcileOptions, idleMs: number): Promise<number> {
  const query = { status: 'done', projected: false, finishedAt: { $lte: Date.now() - idleMs } };
  const rows = await ledger.find({ query, limit: 1000 });
  for (const row of rows) await worker.project(row);
  return rows.length;
}

/** Enters the work of assets that today's plan has not reached: new ones whose announcement was lost, and all after a change of enrichers. */
export async function planMissing({ broker, ledger, channel, catalog }: ReconcileOptions): Promise<number> {
  let planned = 0;
  for (;;) {
    const plan = catalog.hash();
    const assets = await call(broker, media.unplanned, { plan, limit: page });
    const due: string[] = [];
    for (const asset of assets) if ((await planAsset(ledger, asset, catalog.manifests(), 'backfill')) > 0) due.push(asset.id);
    for (const id of due) await call(broker, media.settle, { id, state: 'processing' });
    await announce(channel, due, 'backfill');
    await call(broker, media.planned, { ids: assets.map(({ id }) => id), plan });
    planned += due.length;
    if (assets.length < page) return planned;
  }
}

/** Announces again what the channel has lost: assets in processing that nobody is at, while the channel itself is empty. */
export async function announceLost({ broker, channel }: ReconcileOptions, idleMs: number): Promise<number> {
  const stats = Object.values(await channel.stats());
  if (stats.some(({ waiting, inFlight }) => waiting + inFlight > 0)) return 0;
  const ids = await call(broker, media.unsettled, { idleMs, limit: 1000 });
  await announce(channel, ids, 'backfill');
  return ids.length;
}

/** All of it. At boot nobody else can be at work, so nothing needs to rest first. */
export async function reconcilePipeline(options: ReconcileOptions, { boot }: { boot: boolean }): Promise<Record<string, number>> {
  const idleMs = boot ? 0 : restMs;
  return {
    freed: await freeLostRuns(options),
    shown: await showResults(options, idleMs),
    planned: await planMissing(options),
    announced: await announceLost(options, idleMs),
  };
}

/** Rows that waited for an enricher become due when a node hosts it again. */
export async function wakeAvailable({ ledger, channel, catalog }: ReconcileOptions): Promise<void> {
  for (const { name } of catalog.manifests().filter((manifest) => catalog.available(manifest.name))) {
    const rows = await ledger.find({ query: { enricher: name, status: 'unavailable' }, limit: 10_000 });
    if (rows.length === 0) continue;
    const woken = { $set: { status: 'pending', dueAt: Date.now() }, $unset: { error: true } as const };
    await ledger.updateMany({ enricher: name, status: 'unavailable' }, woken);
    await announce(
      channel,
      rows.map((row) => row.assetId),
      'backfill',
    );
  }
}
