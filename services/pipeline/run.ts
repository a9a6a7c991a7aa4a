import { ulid } from 'ulid';
import type { EnrichResult } from '../contracts/enricher.ts';
import type { Ledger, LedgerRow } from './ledger.ts';
import { interruption, type Outcome } from './outcome.ts';

const released = { claim: true, runner: true, leaseUntil: true } as const;

/** A run's claim holds this long, in ms, and is renewed while the run goes on: silence beyond it means that its node is lost. */
export const leaseMs = 60_000;

/**
 * Claims a due row for one run on a node and counts the attempt, in one durable write before anything starts. Of several who try at
 * the same time one gets it; the others get null.
 */
export async function claimRow(
  ledger: Ledger,
  row: LedgerRow,
  { runner, node }: { runner: string; node: string },
): Promise<LedgerRow | null> {
  const now = Date.now();
  const claim = { claim: ulid(now), runner, node, leaseUntil: now + leaseMs, startedAt: now };
  const query = { id: row.id, status: 'pending', fingerprint: row.fingerprint };
  const claimed = await ledger.updateMany(query, { $set: { status: 'running', ...claim }, $inc: { attempts: 1 } });
  return claimed === 1 ? { ...row, ...claim, status: 'running', attempts: row.attempts + 1 } : null;
}

const held = (row: LedgerRow) => ({ id: row.id, claim: row.claim ?? '', status: 'running' });

/** Renews the claim of a run until it is disposed of. */
export function holdRow(ledger: Ledger, row: LedgerRow, onError: (error: unknown) => void): Disposable {
  const renew = () => void ledger.updateMany(held(row), { $set: { leaseUntil: Date.now() + leaseMs } }).catch(onError);
  const beat = setInterval(renew, leaseMs / 3).unref();
  return { [Symbol.dispose]: () => clearInterval(beat) };
}

/**
 * Writes a run's result; answers null where the run had lost its claim, and its result counts for nothing. Safe to do twice, with
 * the same `finishedAt`: the answer to the first time may have been lost.
 */
export async function completeRow(
  ledger: Ledger,
  row: LedgerRow,
  result: EnrichResult,
  finishedAt: number,
): Promise<LedgerRow | null> {
  const { outputs, durationMs } = result;
  const done = { status: 'done' as const, outputs, durationMs, finishedAt, projected: false };
  const written = await ledger.updateMany(held(row), { $set: done, $unset: { ...released, error: true } });
  if (written === 1) return { ...row, ...done };
  const now = await ledger.findById(row.id);
  const ours = now?.status === 'done' && now.finishedAt === finishedAt && now.fingerprint === row.fingerprint;
  return ours ? now : null;
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
