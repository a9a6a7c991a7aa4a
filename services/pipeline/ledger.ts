import type { Collection, Records } from '../../drivers/records/port.ts';
import type { EnrichmentStatus, Failure } from '../contracts/enrichment.ts';
import type { Lane } from '../../drivers/channel/port.ts';

/** The ledger's row of one enricher on one asset. Times are ms since the epoch. */
export interface LedgerRow {
  /** `<assetId>:<enricher>`, so that a row can be entered twice without harm. */
  id: string;
  assetId: string;
  enricher: string;
  status: EnrichmentStatus;
  /** What the result is, or will be, the result of. */
  fingerprint: string;
  lane: Lane;
  /** Runs begun since the row was entered or replayed; written before a run begins, so that a crash counts. */
  attempts: number;
  /** Of those, runs whose node went away: they say little of the file, so they have a limit of their own. */
  interruptions: number;
  dueAt: number;
  createdAt: number;
  /** While running: the run, the broker instance it runs for, and when it must have ended. */
  claim?: string;
  runner?: string;
  leaseUntil?: number;
  /** The node that the latest run was given to. */
  node?: string;
  startedAt?: number;
  finishedAt?: number;
  durationMs?: number;
  error?: Failure;
  outputs?: Record<string, unknown>;
  /** Whether the asset shows this result yet. */
  projected: boolean;
}
export type Ledger = Records<LedgerRow>;

export const ledger: Collection = {
  name: 'ledger',
  hot: {
    assetId: 'text',
    enricher: 'text',
    status: 'text',
    fingerprint: 'text',
    claim: 'text',
    runner: 'text',
    leaseUntil: 'number',
    finishedAt: 'number',
    dueAt: 'number',
    projected: 'boolean',
  },
  indexes: [['assetId'], ['enricher', 'status'], ['status', 'finishedAt', 'id'], ['status', 'projected'], ['status', 'dueAt']],
};

export const rowId = (assetId: string, enricher: string): string => `${assetId}:${enricher}`;

/** The state of an asset by its rows: there is work, or all is settled, well or not. */
export function stateOf(rows: readonly Pick<LedgerRow, 'status'>[]): 'processing' | 'ready' | 'degraded' {
  if (rows.some(({ status }) => status === 'pending' || status === 'running')) return 'processing';
  return rows.every(({ status }) => status === 'done') ? 'ready' : 'degraded';
}

/** The row as it is where nobody is at work: what was under way is to be done. */
export function atRest({ claim: _claim, runner: _runner, leaseUntil: _lease, ...row }: LedgerRow): LedgerRow {
  return row.status === 'running' ? { ...row, status: 'pending' } : row;
}
