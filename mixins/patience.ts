import { setTimeout as delay } from 'node:timers/promises';
import { isAway } from './engine-errors.ts';

export interface PatienceOptions {
  /** Ends the waiting: what was thrown last is thrown. */
  signal?: AbortSignal | undefined;
  /** For how long to come again, in ms. Default: ten minutes. */
  limitMs?: number;
  /** Between two tries, in ms. */
  restMs?: number;
}

/** Does something as soon as nothing that it needs, server or node, is away. It has to be safe to do twice: an answer may have been lost. */
export async function patiently<T>(
  work: () => Promise<T>,
  { signal, limitMs = 600_000, restMs = 1000 }: PatienceOptions = {},
): Promise<T> {
  const until = performance.now() + limitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || performance.now() > until) throw error;
      await delay(restMs, undefined, { signal }).catch(() => Promise.reject(error as Error));
    }
  }
}
