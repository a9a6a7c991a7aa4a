import type { Logger, ServiceBroker } from 'moleculer';
import type { Verdict } from '../../drivers/channel/port.ts';
import type { Catalog } from '../../mixins/catalog.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import { call } from '../contracts/contract.ts';
import { enrich } from '../contracts/enricher.ts';
import { emit, events } from '../contracts/event.ts';
import { media, type PlannedAsset } from '../contracts/media.ts';
import { dependantsOf, inputsOf, nextDue, nextDueAt } from './due.ts';
import { stateOf, type Ledger, type LedgerRow } from './ledger.ts';
import { outcomeOf } from './outcome.ts';
import { dueAnew } from './plan.ts';
import { projectionOf } from './projection.ts';
import { claimRow, completeRow, failRow, leaseOf } from './run.ts';

export interface WorkerOptions {
  broker: ServiceBroker;
  ledger: Ledger;
  catalog: Catalog;
  retryMs: readonly number[];
  logger: Logger;
}

/** Does the due work of one asset after the other, as the channel hands them out. */
export interface Worker {
  /** Runs what is due for an asset; answers when to be asked again. `signal` ends it between two runs. */
  work(assetId: string, signal: AbortSignal): Promise<Verdict>;
  /** Shows a finished row's result on its asset. */
  project(row: LedgerRow): Promise<void>;
}

export function pipelineWorker({ broker, ledger, catalog, retryMs, logger }: WorkerOptions): Worker {
  const rowsOf = (assetId: string) => ledger.find({ query: { assetId }, sort: ['enricher'] });

  async function project(row: LedgerRow): Promise<void> {
    const manifest = catalog.get(row.enricher);
    if (!manifest) return;
    const state = stateOf(await rowsOf(row.assetId));
    await call(broker, media.project, projectionOf(row, manifest, state));
    await ledger.updateMany(
      { id: row.id, fingerprint: row.fingerprint, finishedAt: row.finishedAt ?? 0 },
      { $set: { projected: true } },
    );
  }

  /** Enrichers that ran without this one's outputs, because it had none until now, run again. */
  async function wakeDependants(row: LedgerRow, rows: readonly LedgerRow[]): Promise<void> {
    const dependants = dependantsOf(row.enricher, catalog.manifests());
    for (const other of rows) {
      if (!dependants.has(other.enricher) || other.status === 'pending' || other.status === 'running') continue;
      await ledger.updateMany({ id: other.id, status: other.status }, dueAnew(other.fingerprint, other.lane, Date.now()));
    }
  }

  async function run(row: LedgerRow, manifest: Manifest, asset: PlannedAsset, rows: readonly LedgerRow[]): Promise<void> {
    const claimed = await claimRow(ledger, row, broker.instanceID, leaseOf(manifest));
    if (!claimed) return;
    const subject = { assetId: row.assetId, enricher: row.enricher };
    await emit(broker, events.enrichmentStarted, { ...subject, attempt: claimed.attempts });
    try {
      const params = { asset, fingerprint: row.fingerprint, inputs: inputsOf(manifest, rows) };
      const result = await call(broker, enrich(row.enricher), params);
      const done = await completeRow(ledger, claimed, result);
      if (!done) return;
      if (row.outputs === undefined) await wakeDependants(row, rows);
      await project(done);
      await emit(broker, events.enrichmentDone, { ...subject, durationMs: result.durationMs });
    } catch (error) {
      const outcome = outcomeOf(error, claimed, { policy: manifest.run, retryMs, available: catalog.available(row.enricher) });
      await failRow(ledger, claimed, outcome);
      if (outcome.verdict === 'postpone') return;
      const quarantined = outcome.verdict === 'quarantine';
      await emit(broker, events.enrichmentFailed, { ...subject, attempt: claimed.attempts, quarantined, error: outcome.failure });
      logger.debug('An enrichment failed', {
        ...subject,
        attempt: claimed.attempts,
        quarantined,
        reason: outcome.failure.message,
      });
    }
  }

  /** Rows whose enricher no node hosts wait visibly; the catalog's change wakes them. */
  async function shelve(row: LedgerRow): Promise<void> {
    const message = `No node runs the enricher '${row.enricher}'; the work goes on when one does.`;
    const error = { class: 'configuration', code: 'enricher.not-found', message, at: new Date().toISOString() };
    await ledger.updateMany({ id: row.id, status: 'pending' }, { $set: { status: 'unavailable', error } });
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
      let rows = await rowsOf(assetId);
      for (;;) {
        if (signal.aborted) return { againInMs: 0 };
        const row = nextDue(rows, manifests, Date.now());
        if (!row) break;
        const manifest = manifests.get(row.enricher);
        if (manifest && catalog.available(row.enricher)) await run(row, manifest, asset, rows);
        else await shelve(row);
        rows = await rowsOf(assetId);
      }
      // Rows may settle elsewhere between the look and the write: the state is written until it is that of the rows.
      for (let state = stateOf(rows), seen; state !== seen; state = stateOf(await rowsOf(assetId))) {
        await call(broker, media.settle, { id: assetId, state });
        seen = state;
      }
      const dueAt = nextDueAt(rows);
      return dueAt === undefined ? 'done' : { againInMs: Math.max(0, dueAt - Date.now()) };
    },
  };
}
