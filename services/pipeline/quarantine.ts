import type { Channel } from '../../drivers/channel/port.ts';
import { pagesById } from '../../mixins/pages.ts';
import { VitrailError } from '../contracts/errors.ts';
import type { FailureClass } from '../contracts/enrichment.ts';
import type { Ledger, LedgerRow } from './ledger.ts';
import { dueAnew } from './plan.ts';
import { announce } from './reconcile.ts';

export interface QuarantineFilter {
  enricher?: string | undefined;
  class?: FailureClass | undefined;
}

const queryOf = ({ enricher, class: kind }: QuarantineFilter) => ({
  status: 'quarantined',
  ...(enricher !== undefined && { enricher }),
  ...(kind !== undefined && { 'error.class': kind }),
});

const Cursor = /^(\d{1,15}):([0-9A-Z]{26}:[a-z0-9-]{1,40})$/;

/** A page of the quarantine, latest first. @throws search.cursor-invalid */
export async function quarantinePage(ledger: Ledger, filter: QuarantineFilter, limit: number, cursor: string | undefined) {
  const query = queryOf(filter);
  const [, at, id] = Cursor.exec(cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (cursor !== undefined && id === undefined) throw new VitrailError('search.cursor-invalid', 'Start again without a cursor.');
  const after = { finishedAt: { $lte: Number(at) }, $or: [{ finishedAt: { $lt: Number(at) } }, { id: { $lt: id ?? '' } }] };
  const rows = await ledger.find({
    query: id === undefined ? query : { ...query, ...after },
    sort: ['-finishedAt', '-id'],
    limit: limit + 1,
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last ? Buffer.from(`${last.finishedAt ?? 0}:${last.id}`).toString('base64url') : null;
  return { rows: items, total: await ledger.count({ query }), next };
}

/** A row to be run again, with what its result will be the result of. */
export interface Anew {
  row: LedgerRow;
  fingerprint: string;
}

/** What runs at this moment is left alone. */
export const canReplay = ({ row }: Anew): boolean => row.status !== 'running';

/** Makes rows due again; someone waits for them, so they take the interactive lane. */
export async function replayRows(ledger: Ledger, channel: Channel, rows: readonly Anew[]): Promise<string[]> {
  const replayed: string[] = [];
  for (const { row, fingerprint } of rows.filter(canReplay)) {
    const due = await ledger.updateMany({ id: row.id, status: row.status }, dueAnew(fingerprint, 'interactive', Date.now()));
    if (due > 0) replayed.push(row.assetId);
  }
  await announce(channel, [...new Set(replayed)], 'interactive');
  return replayed;
}

/** All quarantined rows that fit, a page at a time, each for the result it was to have. */
export async function* quarantinedRows(ledger: Ledger, filter: QuarantineFilter): AsyncGenerator<Anew[]> {
  for await (const rows of pagesById(ledger, { query: queryOf(filter), limit: 100 })) {
    yield rows.map((row) => ({ row, fingerprint: row.fingerprint }));
  }
}
