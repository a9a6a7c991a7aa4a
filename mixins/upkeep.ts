import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'moleculer';
import { isAway } from './engine-errors.ts';

/** Rounds that failed come again after this long, in ms, the first time, the second and so on; then by the clock. */
const againMs = [1000, 2000, 4000, 8000, 16_000, 32_000];

/** Work that is done at boot and then now and again, never twice at once; a failure is logged, and the round comes again soon. */
export interface Upkeep {
  /** The first round; resolves when it is over, and starts the timer. */
  begin(): Promise<void>;
  /** Another round as soon as the one under way is over. */
  soon(): Promise<void>;
  /** Lets the round under way end and begins no other. */
  end(): Promise<void>;
}

export interface UpkeepOptions {
  logger: Logger;
  /** How often a round comes by itself. */
  everyMs: number;
  /** At least so long, in ms, lies between the end of a round and the next one that is asked for. */
  restMs?: number;
  /** How long to wait before a round that failed, the first time, the second and so on; after that by the clock. */
  retryMs?: readonly number[];
  /** What to do; answers what was found, by name, for the log. */
  round(at: { first: boolean }): Promise<Record<string, number>>;
}

export function upkeep({ logger, everyMs, restMs = 0, retryMs = againMs, round }: UpkeepOptions): Upkeep {
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  let queued: Promise<void> | undefined;
  let again: NodeJS.Timeout | undefined;
  let failures = 0;
  const ending = new AbortController();
  const { signal } = ending;
  let overAt = -Infinity;

  /** What failed because a server or a node was away does well a few seconds after that is back. */
  function comeAgain(error: unknown): void {
    const waitMs = retryMs[failures];
    failures += 1;
    clearTimeout(again);
    if (waitMs !== undefined && waitMs < everyMs && !signal.aborted) again = setTimeout(() => void soon(), waitMs).unref();
    const line = 'A round of upkeep failed; the next one comes by itself';
    if (!isAway(error)) logger.error(line, error);
    // That something is away is said by the watch; that upkeep waits for it, once.
    else logger[failures === 1 ? 'warn' : 'debug'](`${line}: ${(error as Error).message}`);
  }

  async function once(first: boolean): Promise<void> {
    if (signal.aborted) return;
    try {
      const done = await round({ first });
      failures = 0;
      clearTimeout(again);
      if (Object.values(done).some((count) => count > 0)) logger.info('Reconciled', done);
    } catch (error) {
      comeAgain(error);
    } finally {
      overAt = performance.now();
    }
  }
  async function rested(): Promise<void> {
    const leftMs = overAt + restMs - performance.now();
    if (leftMs > 0) await delay(leftMs, undefined, { ref: false, signal }).catch(() => undefined);
  }
  const soon = () =>
    (queued ??= last =
      last.then(rested).then(() => {
        queued = undefined;
        return once(false);
      }));

  return {
    soon,
    async begin() {
      last = last.then(() => once(true));
      await last;
      if (!signal.aborted) timer = setInterval(() => void soon(), everyMs);
    },
    async end() {
      ending.abort();
      clearInterval(timer);
      clearTimeout(again);
      await last;
    },
  };
}
