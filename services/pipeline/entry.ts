import type { Manifest } from '../../plugins/sdk/manifest.ts';
import type { Enrichment } from '../contracts/enrichment.ts';
import type { LedgerRow } from './ledger.ts';
import { partsOf } from './projection.ts';

const iso = (time: number | undefined): string | undefined => (time === undefined ? undefined : new Date(time).toISOString());

/** The row as clients see it. `expected` is the fingerprint that today's enricher would give, `manifest` its manifest, if there still is one. */
export function toEnrichment(row: LedgerRow, manifest: Manifest | undefined, expected?: string): Enrichment {
  const waits = row.status === 'pending';
  return {
    assetId: row.assetId,
    enricher: row.enricher,
    status: row.status,
    fingerprint: row.fingerprint,
    stale: expected !== undefined && expected !== row.fingerprint,
    attempts: row.attempts,
    ...(row.error && { error: row.error }),
    ...(waits && { dueAt: iso(row.dueAt) }),
    ...(row.startedAt !== undefined && { startedAt: iso(row.startedAt) }),
    ...(row.finishedAt !== undefined && { finishedAt: iso(row.finishedAt) }),
    ...(row.durationMs !== undefined && { durationMs: row.durationMs }),
    ...(row.node !== undefined && { node: row.node }),
    ...(row.outputs && manifest && { outputs: partsOf(row.outputs, manifest).values }),
  };
}
