import { RecordsError } from '../../drivers/records/port.ts';
import type { Lane } from '../../drivers/channel/port.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import type { Subject } from '../contracts/asset.ts';
import { fingerprints } from './fingerprint.ts';
import { rowId, type Ledger, type LedgerRow } from './ledger.ts';

const freshRow = (assetId: string, enricher: string, fingerprint: string, lane: Lane, now: number): LedgerRow => ({
  id: rowId(assetId, enricher),
  assetId,
  enricher,
  status: 'pending',
  fingerprint,
  lane,
  attempts: 0,
  interruptions: 0,
  dueAt: now,
  createdAt: now,
  projected: true,
});

/** What makes a row due anew. Its outputs stay: they are what the asset shows until there are better ones. */
export const dueAnew = (fingerprint: string, lane: Lane, now: number) => ({
  $set: { status: 'pending', fingerprint, lane, attempts: 0, interruptions: 0, dueAt: now },
  $unset: { claim: true, runner: true, leaseUntil: true, error: true, finishedAt: true } as const,
});

/**
 * Enters the work that an asset is due: a row for every enricher that accepts it, and a new run for every row whose fingerprint
 * is not today's. Safe to run again, or twice at once. Answers how many rows became due.
 */
export async function planAsset(ledger: Ledger, asset: Subject, manifests: readonly Manifest[], lane: Lane): Promise<number> {
  const now = Date.now();
  const expected = fingerprints(asset, manifests);
  const rows = new Map((await ledger.find({ query: { assetId: asset.id } })).map((row) => [row.enricher, row]));
  let due = 0;

  for (const [enricher, print] of expected) {
    if (rows.has(enricher)) continue;
    due += await ledger.insert(freshRow(asset.id, enricher, print, lane, now)).then(
      () => 1,
      (error: unknown) => {
        // Someone else plans the same asset at this moment, and enters the same row.
        if (error instanceof RecordsError && error.code === 'records.duplicate') return 0;
        throw error;
      },
    );
  }
  for (const [enricher, print] of expected) {
    const row = rows.get(enricher);
    if (row && row.fingerprint !== print)
      due += await ledger.updateMany({ id: row.id, fingerprint: row.fingerprint }, dueAnew(print, lane, now));
  }
  return due;
}
