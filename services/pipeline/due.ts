import { BlobRef } from '../../plugins/sdk/fields.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import type { LedgerRow } from './ledger.ts';

const settled = new Set(['done', 'quarantined', 'unavailable']);

/** The next row to run: pending, due, and with every row it depends on settled. */
export function nextDue(
  rows: readonly LedgerRow[],
  manifests: ReadonlyMap<string, Manifest>,
  now: number,
): LedgerRow | undefined {
  const byEnricher = new Map(rows.map((row) => [row.enricher, row]));
  return rows.find((row) => {
    if (row.status !== 'pending' || row.dueAt > now) return false;
    const after = manifests.get(row.enricher)?.after ?? [];
    return after.every((name) => settled.has(byEnricher.get(name)?.status ?? 'done'));
  });
}

/** When the earliest of the rows that wait becomes due; undefined where none waits. */
export function nextDueAt(rows: readonly LedgerRow[]): number | undefined {
  const times = rows.filter(({ status }) => status === 'pending').map(({ dueAt }) => dueAt);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** Outputs of the enrichers that this one reads; those that have none are absent. */
export function inputsOf(manifest: Manifest, rows: readonly LedgerRow[]): Record<string, Record<string, unknown>> {
  const read = rows.filter(({ enricher, status }) => status === 'done' && manifest.after.includes(enricher));
  return Object.fromEntries(read.map(({ enricher, outputs = {} }) => [enricher, outputs]));
}

/**
 * Key of the picture that stands for a file that is none itself: one that an enricher which this one comes after has made, and
 * declared to be the still.
 */
export function stillOf(
  manifest: Manifest,
  manifests: ReadonlyMap<string, Manifest>,
  rows: readonly LedgerRow[],
): string | undefined {
  for (const { enricher, status, outputs = {} } of rows) {
    if (status !== 'done' || !manifest.after.includes(enricher)) continue;
    for (const [name, { still }] of Object.entries(manifests.get(enricher)?.outputs ?? {})) {
      const file = BlobRef.safeParse(outputs[name]);
      if (still === true && file.success) return file.data.key;
    }
  }
  return undefined;
}

/** Enrichers that read an enricher's outputs, directly or through others. */
export function dependantsOf(enricher: string, manifests: readonly Manifest[]): Set<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    for (const manifest of manifests) {
      if (!manifest.after.includes(name) || found.has(manifest.name)) continue;
      found.add(manifest.name);
      visit(manifest.name);
    }
  };
  visit(enricher);
  return found;
}

/**
 * Rows that read a finished one's outputs, directly or through others, and have settled or begun without the ones it has now. Those
 * that wait will read them anyway.
 */
export function ranBefore(done: LedgerRow, rows: readonly LedgerRow[], manifests: readonly Manifest[]): LedgerRow[] {
  const dependants = dependantsOf(done.enricher, manifests);
  return rows.filter(
    ({ enricher, status, startedAt = 0 }) =>
      dependants.has(enricher) && status !== 'pending' && startedAt < (done.finishedAt ?? Infinity),
  );
}
