import type { Logger, ServiceBroker } from 'moleculer';
import type { Verdict } from '../../drivers/channel/port.ts';
import type { Catalog } from '../../mixins/catalog.ts';
import { runnerOf } from '../../mixins/liveness.ts';
import { patiently } from '../../mixins/patience.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import { call } from '../contracts/contract.ts';
import { enrich, type EnrichResult } from '../contracts/enricher.ts';
import { emit, events } from '../contracts/event.ts';
import { originOf, type Subject } from '../contracts/asset.ts';
import { media } from '../contracts/media.ts';
import { dependantsOf, inputsOf, nextDue, nextDueAt, stillOf } from './due.ts';
import { stateOf, type Ledger, type LedgerRow } from './ledger.ts';
import { backoff, nobodyRuns, outcomeOf } from './outcome.ts';
import type { Host, Placement } from './placement.ts';
import { dueAnew } from './plan.ts';
import { projectionOf } from './projection.ts';
import { claimRow, completeRow, failRow, freeLost, holdRow } from './run.ts';

export interface WorkerOptions {
  broker: ServiceBroker;
  ledger: Ledger;
  catalog: Catalog;
  placement: Placement;
  /** The nodes that can take a run of an enricher now. */
  hosts(enricher: string): Host[];
  /** Whether a process (`runnerOf`) is part of the mesh. */
  isAlive(runner: string): boolean;
  retryMs: readonly number[];
  logger: Logger;
}

/** After this long, in ms, an asset is looked at again of which a row runs under a claim that was not made for this look. */
const elsewhereMs = 2000;

/** Does the due work of one asset after the other, as the channel hands them out. */
export interface Worker {
  /** Runs what is due for an asset; answers when to be asked again. `signal` ends it between two runs. */
  work(assetId: string, signal: AbortSignal): Promise<Verdict>;
  /** Shows a finished row's result on its asset. */
  project(row: LedgerRow): Promise<void>;
}

/** One asset's turn: what is known of it, and the results that it shows since. */
interface Work {
  asset: Subject;
  rows: readonly LedgerRow[];
  manifests: ReadonlyMap<string, Manifest>;
  shown: LedgerRow[];
}

export function pipelineWorker({ broker, ledger, catalog, placement, hosts, isAlive, retryMs, logger }: WorkerOptions): Worker {
  const rowsOf = (assetId: string) => ledger.find({ query: { assetId }, sort: ['enricher'] });

  /** Shows a result on its asset; safe to do again, so it is noted for all of an asset's results at once (`noteShown`). */
  async function show(row: LedgerRow, rows: readonly LedgerRow[]): Promise<boolean> {
    const manifest = catalog.get(row.enricher);
    if (!manifest) return false;
    await call(broker, media.project, projectionOf(row, manifest, stateOf(rows)));
    return true;
  }

  async function noteShown(rows: readonly LedgerRow[]): Promise<void> {
    const each = rows.map(({ id, fingerprint, finishedAt = 0 }) => ({ id, fingerprint, finishedAt }));
    if (each.length > 0) await ledger.updateMany({ $or: each }, { $set: { projected: true } });
  }

  async function project(row: LedgerRow): Promise<void> {
    if (await show(row, await rowsOf(row.assetId))) await noteShown([row]);
  }

  /** What read this one's outputs, or ran without them because there were none, runs again. Answers whether there may be such. */
  async function wakeDependants(row: LedgerRow): Promise<boolean> {
    const dependants = dependantsOf(row.enricher, catalog.manifests());
    if (dependants.size === 0) return false;
    for (const other of await rowsOf(row.assetId)) {
      if (!dependants.has(other.enricher) || other.status === 'pending') continue;
      // One that runs loses its claim: it began without these outputs.
      await ledger.updateMany({ id: other.id, status: other.status }, dueAnew(other.fingerprint, other.lane, Date.now()));
    }
    return true;
  }

  async function fail(row: LedgerRow, manifest: Manifest, asset: Subject, error: unknown): Promise<void> {
    const outcome = outcomeOf(error, row, { policy: manifest.run, retryMs, available: catalog.available(row.enricher) });
    await failRow(ledger, row, outcome);
    if (outcome.verdict === 'postpone') return;
    const { assetId, enricher, attempts: attempt } = row;
    const quarantined = outcome.verdict === 'quarantine';
    const { failure } = outcome;
    await emit(broker, events.enrichmentFailed, { assetId, enricher, attempt, quarantined, error: failure, ...originOf(asset) });
    logger.debug('An enrichment failed', { assetId, enricher, attempt, quarantined, reason: failure.message });
  }

  /** Runs a row; answers the asset's rows as they are then, where that is known without a look at the ledger. */
  async function run(
    row: LedgerRow,
    manifest: Manifest,
    { asset, rows, manifests, shown }: Work,
  ): Promise<readonly LedgerRow[] | undefined> {
    using place = placement.place(row.assetId, hosts(row.enricher));
    if (!place) {
      // Every breaker is open: it failed often and rests for a moment.
      await ledger.updateMany({ id: row.id, status: 'pending' }, { $set: { dueAt: Date.now() + backoff(1, [2000]) } });
      return undefined;
    }
    const claimed = await claimRow(ledger, row, { runner: runnerOf(broker), node: place.nodeID });
    if (!claimed) return undefined;
    const { assetId, enricher, attempts: attempt } = claimed;
    await emit(broker, events.enrichmentStarted, { assetId, enricher, attempt, ...originOf(asset) });
    using _held = holdRow(ledger, claimed, (error) => logger.warn('A claim could not be renewed', error));
    let result: EnrichResult;
    try {
      const inputs = inputsOf(manifest, rows);
      const work = { asset, fingerprint: row.fingerprint, inputs, still: stillOf(manifest, manifests, rows) };
      result = await call(broker, enrich(enricher), work, { nodeID: place.nodeID });
    } catch (error) {
      await patiently(() => fail(claimed, manifest, asset, error));
      return undefined;
    }
    const finishedAt = Date.now();
    const done = await patiently(() => completeRow(ledger, claimed, result, finishedAt));
    if (!done) return undefined;
    const woken = await patiently(() => wakeDependants(done));
    const known = rows.map((other) => (other.id === done.id ? done : other));
    // That there is work left is true or will be put right at the end; that there is none is said by the ledger alone.
    const now = woken || stateOf(known) !== 'processing' ? await patiently(() => rowsOf(assetId)) : known;
    if (await patiently(() => show(done, now))) shown.push(done);
    await emit(broker, events.enrichmentDone, { assetId, enricher, durationMs: result.durationMs, ...originOf(asset) });
    return now;
  }

  /** Rows whose enricher no node hosts wait visibly, until a round of upkeep finds that one does. */
  async function shelve(row: LedgerRow): Promise<void> {
    const query = { id: row.id, status: 'pending' };
    await ledger.updateMany(query, {
      $set: { status: 'unavailable', error: nobodyRuns(row.enricher, catalog.missing(row.enricher)) },
    });
  }

  return {
    project,
    async work(assetId, signal) {
      const asset = await call(broker, media.subject, { id: assetId });
      if (!asset) {
        await ledger.removeMany({ assetId });
        return 'done';
      }
      const manifests = new Map(catalog.manifests().map((manifest) => [manifest.name, manifest]));
      const shown: LedgerRow[] = [];
      let rows: readonly LedgerRow[] = await rowsOf(assetId);
      if ((await freeLost(ledger, rows, isAlive)).length > 0) rows = await rowsOf(assetId);
      for (let read = true; ;) {
        if (signal.aborted) {
          await noteShown(shown);
          return { againInMs: 0 };
        }
        const row = nextDue(rows, manifests, Date.now());
        // What is known of the rows without a look is enough to go on by, not to end by.
        if (!row && read) break;
        const manifest = row && manifests.get(row.enricher);
        let known: readonly LedgerRow[] | undefined;
        if (manifest && catalog.available(row.enricher)) known = await run(row, manifest, { asset, rows, manifests, shown });
        else if (row) await shelve(row);
        read = known === undefined;
        rows = known ?? (await rowsOf(assetId));
      }
      await noteShown(shown);
      // Rows may settle elsewhere between the look and the write: the state is written until it is that of the rows.
      for (let state = stateOf(rows), seen; state !== seen; state = stateOf(await rowsOf(assetId))) {
        await call(broker, media.settle, { id: assetId, state });
        seen = state;
      }
      const now = Date.now();
      // No two look at an asset at once: who runs a row now may be gone, or has lost the message that would go on after it.
      const elsewhere = rows.some(({ status }) => status === 'running') ? now + elsewhereMs : Infinity;
      const dueAt = Math.min(nextDueAt(rows) ?? Infinity, elsewhere);
      return dueAt === Infinity ? 'done' : { againInMs: Math.max(0, dueAt - now) };
    },
  };
}
