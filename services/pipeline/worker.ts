import type { Logger, ServiceBroker } from 'moleculer';
import type { Verdict } from '../../drivers/channel/port.ts';
import type { UpdateOfOne } from '../../drivers/records/port.ts';
import type { Catalog } from '../../mixins/catalog.ts';
import { isAway, levelOf } from '../../mixins/engine-errors.ts';
import { runnerOf } from '../../mixins/liveness.ts';
import { patiently } from '../../mixins/patience.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import { call } from '../contracts/contract.ts';
import { enrich, type EnrichResult } from '../contracts/enricher.ts';
import { emit, events } from '../contracts/event.ts';
import { type AssetState, originOf, type Subject } from '../contracts/asset.ts';
import { media } from '../contracts/media.ts';
import { inputsOf, nextDue, nextDueAt, ranBefore, stillOf } from './due.ts';
import { stateOf, type Ledger, type LedgerRow } from './ledger.ts';
import { backoff, nobodyRuns, outcomeOf } from './outcome.ts';
import type { Host, Placement, Stay } from './placement.ts';
import { dueAnew } from './plan.ts';
import { claimOf, claimRow, completeRow, completionOf, failRow, freeLost, holdRow, type Change } from './run.ts';
import { results, showRow, type Results } from './show.ts';

export interface WorkerOptions {
  broker: ServiceBroker;
  ledger: Ledger;
  catalog: Pick<Catalog, 'manifests' | 'get' | 'available' | 'missing'>;
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

/** One asset's turn. */
interface Turn {
  asset: Subject;
  manifests: ReadonlyMap<string, Manifest>;
  /** As the ledger has them, or as they are by what was done to them since they were `read`. */
  rows: readonly LedgerRow[];
  read: boolean;
  results: Results;
  /** Rows of others that were to be shown. */
  tried: Set<string>;
  /** The state that this turn has given the asset, by the time of the look. */
  written: AssetState | undefined;
  /** On the nodes that have it in work. */
  stay: Stay;
  signal: AbortSignal;
}

/** A run with a node to run on: claimed, or to be. */
interface Run {
  claim: Change;
  manifest: Manifest;
}

export function pipelineWorker({ hosts, isAlive, placement, retryMs, logger, ...options }: WorkerOptions): Worker {
  const { broker, ledger, catalog } = options;
  const rowsOf = (assetId: string) => ledger.find({ query: { assetId }, sort: ['enricher'] });
  const isUnshown = ({ enricher, status, projected, finishedAt }: LedgerRow): boolean =>
    status === 'done' && !projected && finishedAt !== undefined && catalog.get(enricher) !== undefined;

  async function look(turn: Turn): Promise<void> {
    turn.written = (await turn.results.shown()) ?? turn.written;
    turn.rows = await patiently(() => rowsOf(turn.asset.id));
    turn.read = true;
    await showLeft(turn);
  }

  /**
   * Shows what a node wrote down that went away before it could show it, once a turn. Where that fails for another reason than that
   * something is away, the other enrichers go on, and a round of upkeep tries it again.
   */
  async function showLeft(turn: Turn): Promise<void> {
    for (const row of turn.rows.filter((one) => isUnshown(one) && !turn.tried.has(one.id))) {
      turn.tried.add(row.id);
      try {
        turn.written = (await patiently(() => showRow(options, row, turn.rows))) ?? turn.written;
      } catch (error) {
        if (isAway(error)) throw error;
        logger.error('A result cannot be shown on its asset', { assetId: row.assetId, enricher: row.enricher, error });
      }
    }
  }

  /** A due row's run, where a node can take it now. */
  function runOf(row: LedgerRow, { manifests, stay }: Turn): Run | undefined {
    const manifest = manifests.get(row.enricher);
    if (!manifest || !catalog.available(row.enricher)) return undefined;
    const node = stay.nodeOf(hosts(row.enricher));
    return node === undefined ? undefined : { claim: claimOf(row, { runner: runnerOf(broker), node }), manifest };
  }
  const dueRow = ({ manifests, signal }: Turn, rows: readonly LedgerRow[]): LedgerRow | undefined =>
    signal.aborted ? undefined : nextDue(rows, manifests, Date.now());

  /** Puts off a row that no node can take: visibly, until a round of upkeep finds one, or for a moment while all breakers are open. */
  async function putOff({ id, enricher }: LedgerRow): Promise<void> {
    const $set = catalog.available(enricher)
      ? { dueAt: Date.now() + backoff(1, [2000]) }
      : { status: 'unavailable', error: nobodyRuns(enricher, catalog.missing(enricher)) };
    await ledger.updateMany({ id, status: 'pending' }, { $set });
  }

  /** Claims the run that is due, where there is one and nobody was faster. */
  async function begin(turn: Turn): Promise<Run | undefined> {
    const row = dueRow(turn, turn.rows);
    if (!row) return undefined;
    turn.read = false;
    const run = runOf(row, turn);
    if (!run) {
      await putOff(row);
      return undefined;
    }
    return (await claimRow(ledger, run.claim)) ? run : undefined;
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

  /** Has a claimed row run; null where that failed, and is written down. */
  async function resultOf(row: LedgerRow, manifest: Manifest, { asset, rows, manifests }: Turn): Promise<EnrichResult | null> {
    const { assetId, enricher, fingerprint, attempts: attempt } = row;
    const work = { asset, fingerprint, inputs: inputsOf(manifest, rows), still: stillOf(manifest, manifests, rows) };
    // Side by side, so that both go out at once.
    const told = emit(broker, events.enrichmentStarted, { assetId, enricher, attempt, ...originOf(asset) });
    try {
      return await call(broker, enrich(enricher), work, row.node === undefined ? {} : { nodeID: row.node });
    } catch (error) {
      await patiently(() => fail(row, manifest, asset, error));
      return null;
    } finally {
      await told;
    }
  }

  /** Does a run that is claimed; answers the next one where it could be claimed with the result of this one. */
  async function go({ claim: { row }, manifest }: Run, turn: Turn): Promise<Run | undefined> {
    using _held = holdRow(ledger, row, (error) => logger[levelOf(error)]('A claim could not be renewed', error));
    turn.read = false;
    const made = await resultOf(row, manifest, turn);
    if (!made) {
      await look(turn);
      return undefined;
    }
    const completion = completionOf(row, made, Date.now());
    const known = turn.rows.map((other) => (other.id === row.id ? completion.row : other));
    // What read this row's outputs of before, or ran without because there were none, runs again; one that runs loses its claim.
    const woken = ranBefore(completion.row, known, catalog.manifests());
    const due = woken.length > 0 ? undefined : dueRow(turn, known);
    const next = due && runOf(due, turn);

    const { done, claimed } = await patiently(() => completeRow(ledger, completion, next?.claim));
    if (done) {
      turn.rows = known.map((other) => (woken.includes(other) ? pending(other) : claimed?.id === other.id ? claimed : other));
      turn.results.add(done, turn.rows);
    }
    for (let again = woken; done && again.length > 0; again = ranBefore(done, turn.rows, catalog.manifests())) {
      const wake = again.map(dueAgain);
      await patiently(() => ledger.updateEach(wake));
      await look(turn);
    }
    if (!done || (next && !claimed)) await look(turn);
    return claimed ? next : undefined;
  }

  return {
    async project(row) {
      await showRow(options, row, await rowsOf(row.assetId));
    },
    async work(assetId, signal) {
      const asset = await call(broker, media.subject, { id: assetId });
      if (!asset) {
        await ledger.removeMany({ assetId });
        return 'done';
      }
      const manifests = new Map(catalog.manifests().map((manifest) => [manifest.name, manifest]));
      const rows = await rowsOf(assetId);
      const read = (await freeLost(ledger, rows, isAlive)).length === 0 && !rows.some(isUnshown);
      using stay = placement.turn(assetId);
      const turn: Turn = {
        asset,
        manifests,
        rows,
        read,
        results: results(options, asset),
        written: undefined,
        tried: new Set(),
        stay,
        signal,
      };
      if (!read) await look(turn);

      // What is known of the rows without a look is enough to go on by, not to end by.
      for (let run: Run | undefined; ;) {
        run ??= await begin(turn);
        if (run) run = await go(run, turn);
        else if (!turn.read) await look(turn);
        else break;
      }
      if (signal.aborted) return { againInMs: 0 };
      // Rows may settle elsewhere between the look and the write: the state is written until it is that of the rows.
      for (let state = stateOf(turn.rows); state !== turn.written; state = stateOf(turn.rows)) {
        await call(broker, media.settle, { id: assetId, state });
        turn.written = state;
        await look(turn);
      }
      const now = Date.now();
      // No two look at an asset at once: who runs a row now may be gone, or has lost the message that would go on after it.
      const elsewhere = turn.rows.some(({ status }) => status === 'running') ? now + elsewhereMs : Infinity;
      const dueAt = Math.min(nextDueAt(turn.rows) ?? Infinity, elsewhere);
      return dueAt === Infinity ? 'done' : { againInMs: Math.max(0, dueAt - now) };
    },
  };
}

const dueAgain = ({ id, status, fingerprint, lane }: LedgerRow): UpdateOfOne => ({
  query: { id, status },
  update: dueAnew(fingerprint, lane, Date.now()),
});
const pending = (row: LedgerRow): LedgerRow => ({ ...row, status: 'pending' });
