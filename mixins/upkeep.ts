import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'moleculer';

/**
 * Work that is done at boot and then now and again, never twice at once. A round that fails is logged and comes again soon, later
 * each time: nothing waits for the next one by the clock because a server was away for a moment.
 */
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
  /** How long to rest after a round before the next one that is asked for. */
  restMs?: number;
  /** How long after a round that failed it comes again; twice as long after each that fails in a row. */
  retryMs?: number;
  /** What to do; answers what was found, by name, for the log. */
  round(at: { first: boolean }): Promise<Record<string, number>>;
}

export function upkeep({ logger, everyMs, restMs = 0, retryMs = 1000, round }: UpkeepOptions): Upkeep {
  let timer: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let failures = 0;
  let last: Promise<void> = Promise.resolve();
  let queued: Promise<void> | undefined;
  let ended = false;

  async function once(first: boolean): Promise<void> {
    if (ended) return;
    try {
      const done = await round({ first });
      failures = 0;
      if (Object.values(done).some((count) => count > 0)) logger.info('Reconciled', done);
    } catch (error) {
      // A server that is away is said once.
      logger[failures === 0 ? 'error' : 'debug']('A round of upkeep failed; it comes again by itself', error);
      clearTimeout(retry);
      if (!ended) retry = setTimeout(() => void soon(), Math.min(everyMs, retryMs * 2 ** failures));
      failures += 1;
    }
  }
  const rested = () => (restMs > 0 && !ended ? delay(restMs, undefined, { ref: false }) : Promise.resolve());
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
      if (!ended) timer = setInterval(() => void soon(), everyMs);
    },
    async end() {
      ended = true;
      clearInterval(timer);
      clearTimeout(retry);
      await last;
    },
  };
}
