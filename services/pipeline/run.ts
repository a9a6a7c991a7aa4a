import { ulid } from 'ulid';
import type { UpdateOfOne } from '../../drivers/records/port.ts';
import type { EnrichResult } from '../contracts/enricher.ts';
import type { Ledger, LedgerRow } from './ledger.ts';
import { interruption, type Outcome } from './outcome.ts';

const released = { claim: true, runner: true, leaseUntil: true } as const;

/** A run's claim holds this long, in ms, and is renewed while the run goes on: silence beyond it means that its node is lost. */
export const leaseMs = 60_000;

/** A change of one row, and the row as it is once that is done. */
export interface Change extends UpdateOfOne {
  row: LedgerRow;
}

/**
 * Claims a due row for one run on a node and counts the attempt, in one durable write before anything starts. Of several who try at
 * the same time one gets it.
 */
export function claimOf(row: LedgerRow, { runner, node }: { runner: string; node: string }): Change {
  const now = Date.now();
  const claim = { claim: ulid(now), runner, node, leaseUntil: now + leaseMs, startedAt: now, status: 'running' as const };
  return {
    row: { ...row, ...claim, attempts: row.attempts + 1 },
    query: { id: row.id, status: 'pending', fingerprint: row.fingerprint },
    update: { $set: claim, $inc: { attempts: 1 } },
  };
}

/** Answers the row as it is claimed, or null where another has it. */
export async function claimRow(ledger: Ledger, claim: Change): Promise<LedgerRow | null> {
  return (await ledger.updateEach([claim])) === 1 ? claim.row : null;
}

const held = (row: LedgerRow) => ({ id: row.id, claim: row.claim ?? '', status: 'running' });

/** Renews the claim of a run until it is disposed of. */
export function holdRow(ledger: Ledger, row: LedgerRow, onError: (error: unknown) => void): Disposable {
  const renew = () => void ledger.updateMany(held(row), { $set: { leaseUntil: Date.now() + leaseMs } }).catch(onError);
  const beat = setInterval(renew, leaseMs / 3).unref();
  return { [Symbol.dispose]: () => clearInterval(beat) };
}

/** A run's result, for as long as the run holds its claim. */
export function completionOf(row: LedgerRow, { outputs, durationMs }: EnrichResult, finishedAt: number): Change {
  const done = { status: 'done' as const, outputs, durationMs, finishedAt, projected: false };
  return { row: { ...row, ...done }, query: held(row), update: { $set: done, $unset: { ...released, error: true } } };
}

/**
 * Writes a run's result, and with it the claim of the run that comes next: null where the run had lost its claim, and its result counts for
 * nothing; the next one is then not claimed either. Safe to do twice with the same changes: the answer to the first time may have
 * been lost.
 */
export async function completeRow(
  ledger: Ledger,
  completion: Change,
  next?: Change,
): Promise<{ done: LedgerRow | null; claimed: LedgerRow | null }> {
  const changes = next ? [completion, next] : [completion];
  if ((await ledger.updateEach(changes)) === changes.length) return { done: completion.row, claimed: next?.row ?? null };
  // Which of them fitted is not said.
  const [done, claimed] = await Promise.all([landed(ledger, completion), next ? landed(ledger, next) : null]);
  if (done || !claimed) return { done, claimed };
  await failRow(ledger, claimed, { verdict: 'postpone', delayMs: 0 });
  return { done, claimed: null };
}

/** The row of a change, where that has been done, and nothing since: whatever comes after takes away a claim, or the time it ended. */
async function landed(ledger: Ledger, { row }: Change): Promise<LedgerRow | null> {
  const now = await ledger.findById(row.id);
  const field = row.status === 'done' ? 'finishedAt' : 'claim';
  return now?.[field] === row[field] ? now : null;
}

/** Writes what a failed run means for its row. */
export async function failRow(ledger: Ledger, row: LedgerRow, outcome: Outcome): Promise<void> {
  const now = Date.now();
  switch (outcome.verdict) {
    case 'quarantine':
      await ledger.updateMany(held(row), {
        $set: { status: 'quarantined', error: outcome.failure, finishedAt: now },
        $unset: released,
      });
      return;
    case 'retry':
      await ledger.updateMany(held(row), {
        $set: { status: 'pending', error: outcome.failure, dueAt: now + outcome.delayMs },
        $unset: released,
      });
      return;
    case 'interrupted':
      await ledger.updateMany(held(row), {
        $set: { status: 'pending', error: outcome.failure, dueAt: now + outcome.delayMs },
        $unset: released,
        $inc: { interruptions: 1 },
      });
      return;
    case 'postpone':
      await ledger.updateMany(held(row), {
        $set: { status: 'pending', dueAt: now + outcome.delayMs },
        $unset: released,
        $inc: { attempts: -1 },
      });
      return;
    case 'unavailable':
      await ledger.updateMany(held(row), {
        $set: { status: 'unavailable', error: outcome.failure },
        $unset: released,
        $inc: { attempts: -1 },
      });
      return;
  }
}

/** Frees those of these rows that run for a process that is gone, or silent beyond its lease; answers which. */
export async function freeLost(
  ledger: Ledger,
  rows: readonly LedgerRow[],
  isAlive: (runner: string) => boolean,
): Promise<LedgerRow[]> {
  const now = Date.now();
  const lost = rows.filter(
    ({ status, leaseUntil = 0, runner = '' }) => status === 'running' && (leaseUntil < now || !isAlive(runner)),
  );
  for (const row of lost) {
    const interruptions = row.interruptions + 1;
    const { verdict, failure: error, delayMs } = interruption(interruptions);
    const next =
      verdict === 'quarantine'
        ? { status: 'quarantined' as const, finishedAt: now }
        : { status: 'pending' as const, dueAt: now + delayMs };
    await ledger.updateMany(held(row), { $set: { interruptions, error, ...next }, $unset: released });
  }
  return lost;
}
