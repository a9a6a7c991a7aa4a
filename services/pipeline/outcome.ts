import { Errors } from 'moleculer';
import { isAway } from '../../mixins/engine-errors.ts';
import type { RunPolicy } from '../../plugins/sdk/enricher.ts';
import { isVitrailError, type ErrorCode } from '../contracts/errors.ts';
import type { Failure, FailureClass } from '../contracts/enrichment.ts';
import type { LedgerRow } from './ledger.ts';

/** Runs in a row whose node went away, before the file itself is suspected of it. */
export const maxInterruptions = 20;

/**
 * What a failed run means for its row.
 * - `quarantine`: no further run until someone asks for one
 * - `retry`: again after a delay
 * - `postpone`: the run never began (nobody free, breaker open) or could not go on (a server or the way to the node is away): the
 *   attempt is given back
 * - `interrupted`: its node went away: it comes again, and says little of the file
 * - `unavailable`: no node hosts the enricher
 */
export type Outcome =
  | { verdict: 'quarantine' | 'retry' | 'interrupted'; failure: Failure; delayMs: number }
  | { verdict: 'postpone'; delayMs: number }
  | { verdict: 'unavailable'; failure: Failure };

const classes: Partial<Record<ErrorCode, FailureClass>> = {
  'enricher.refused': 'data',
  'params.invalid': 'logic',
  'enricher.transient': 'temporary',
  'enricher.timeout': 'resource',
  'enricher.crashed': 'logic',
  'enricher.failed': 'logic',
  'enricher.output-invalid': 'logic',
};

const failureOf = (kind: FailureClass, code: ErrorCode, message: string): Failure => ({
  class: kind,
  code,
  message,
  at: new Date().toISOString(),
});

/** Why work waits whose enricher no node hosts. */
export const nobodyRuns = (enricher: string, missing?: string): Failure =>
  failureOf(
    'configuration',
    'enricher.not-found',
    `${missing ?? `No node runs the enricher '${enricher}'.`} The work goes on when a node can run it.`,
  );

/** Exponential by a table of delays in ms, the last one for all that follow, with a jitter of ±25 % so that retries do not march in step. */
export function backoff(attempt: number, delaysMs: readonly number[], random: () => number = Math.random): number {
  const delay = delaysMs[Math.min(Math.max(attempt, 1), delaysMs.length) - 1] ?? 1000;
  return Math.round(delay * (0.75 + random() / 2));
}

export interface OutcomeOptions {
  policy: RunPolicy;
  retryMs: readonly number[];
  /** Whether any node hosts the enricher now. */
  available: boolean;
}

/** Classifies what `enricher.<name>.enrich` threw. */
export function outcomeOf(
  error: unknown,
  row: Pick<LedgerRow, 'enricher' | 'attempts' | 'interruptions'>,
  options: OutcomeOptions,
): Outcome {
  if (error instanceof Errors.ServiceNotFoundError || error instanceof Errors.ServiceNotAvailableError) {
    if (!options.available) {
      return { verdict: 'unavailable', failure: nobodyRuns(row.enricher) };
    }
    // Its breaker is open: it failed often and rests for a moment.
    return { verdict: 'postpone', delayMs: backoff(1, [2000]) };
  }
  if (error instanceof Errors.QueueIsFullError) {
    return { verdict: 'postpone', delayMs: backoff(1, [500]) };
  }
  if (error instanceof Errors.RequestRejectedError) return interruption(row.interruptions + 1);
  // A time limit was the run's own; anything else that is away (the store of bytes, the way to the node) says nothing of the file.
  if (isAway(error) && !(error instanceof Errors.RequestTimeoutError))
    return { verdict: 'postpone', delayMs: backoff(1, [2000]) };
  const failure = describe(error);
  const counted = row.attempts - row.interruptions;
  const forGood = failure.class === 'data' || counted >= options.policy.attempts;
  return { verdict: forGood ? 'quarantine' : 'retry', failure, delayMs: backoff(counted, options.retryMs) };
}

/**
 * What it means that the node of a run went away for the n-th time. It says little of the file, so it comes again, but later each
 * time: a file that takes its node down with it waits behind all others, and is quarantined in the end.
 */
export function interruption(interruptions: number): Extract<Outcome, { failure: Failure; delayMs: number }> {
  return {
    verdict: interruptions >= maxInterruptions ? 'quarantine' : 'interrupted',
    failure: failureOf('resource', 'enricher.crashed', `Its node went away in ${interruptions} runs.`),
    delayMs: 250 * (interruptions - 1) ** 2,
  };
}

function describe(error: unknown): Failure {
  if (isVitrailError(error)) {
    const code = error.type as ErrorCode;
    return failureOf(classes[code] ?? 'logic', code, error.message);
  }
  if (error instanceof Errors.RequestTimeoutError)
    return failureOf('resource', 'enricher.timeout', 'The enricher did not answer in time.');
  return failureOf('logic', 'enricher.failed', 'The enricher failed in a way it does not explain; see the log of its node.');
}
