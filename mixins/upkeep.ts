import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'moleculer';

/** Work that is done at boot and then now and again, never twice at once; a failure is logged and costs that one round. */
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
  /** What to do; answers what was found, by name, for the log. */
  round(at: { first: boolean }): Promise<Record<string, number>>;
}

export function upkeep({ logger, everyMs, restMs = 0, round }: UpkeepOptions): Upkeep {
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  let queued: Promise<void> | undefined;
  let ended = false;

  async function once(first: boolean): Promise<void> {
    if (ended) return;
    try {
      const done = await round({ first });
      if (Object.values(done).some((count) => count > 0)) logger.info('Reconciled', done);
    } catch (error) {
      logger.error('A round of upkeep failed; the next one comes by itself', error);
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
      await last;
    },
  };
}
