import type { LedgerRow } from './ledger.ts';

/** A ledger row for tests: pending and due. */
export const row = (enricher: string, rest: Partial<LedgerRow> = {}): LedgerRow => ({
  id: `01ARZ3NDEKTSV4RRFFQ69G5FAV:${enricher}`,
  assetId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  enricher,
  status: 'pending',
  fingerprint: 'f',
  lane: 'interactive',
  attempts: 0,
  interruptions: 0,
  dueAt: 0,
  createdAt: 0,
  projected: true,
  ...rest,
});

/** The asset of these rows, as the pipeline asks media for it. */
export const asset = {
  id: row('a').assetId,
  sha256: 'a'.repeat(64),
  filename: 'a.jpg',
  type: 'image/jpeg',
  bytes: 1,
  width: 1,
  height: 1,
};
