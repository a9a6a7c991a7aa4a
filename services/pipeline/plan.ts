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
  const missing = [...expected].filter(([enricher]) => !rows.has(enricher));
  const stale = [...expected].flatMap(([enricher, print]) => {
    const row = rows.get(enricher);
    return row && row.fingerprint !== print
      ? [{ query: { id: row.id, fingerprint: row.fingerprint }, update: dueAnew(print, lane, now) }]
      : [];
  });
  const entered = await enterRows(
    ledger,
    missing.map(([enricher, print]) => freshRow(asset.id, enricher, print, lane, now)),
  );
  return entered + (stale.length > 0 ? await ledger.updateEach(stale) : 0);
}

/** Answers how many of the rows were new: someone else may plan the same asset at this moment, and enter the same. */
async function enterRows(ledger: Ledger, rows: LedgerRow[]): Promise<number> {
  try {
    return (await ledger.insertMany(rows)).length;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  let entered = 0;
  for (const row of rows) {
    entered += await ledger.insert(row).then(
      () => 1,
      (error: unknown) => {
        if (isDuplicate(error)) return 0;
        throw error;
      },
    );
  }
  return entered;
}

const isDuplicate = (error: unknown): boolean => error instanceof RecordsError && error.code === 'records.duplicate';
