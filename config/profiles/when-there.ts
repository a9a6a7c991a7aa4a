import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../error.ts';
import type { OnWaiting } from '../ports.ts';

/** Between two tries, in ms: what a server that starts may cost beyond its own start. */
const defaultRestMs = 2000;
/** How long nothing is said at most, in ms: a try may take longer than that. */
const defaultSayMs = 3000;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);

/** What is wrong with the settings themselves, as drivers and Node's own checks say it: waiting would not change it. */
const isUnfit = (error: unknown): error is Error => error instanceof TypeError || error instanceof RangeError;

export interface WhenThereOptions {
  onWaiting: OnWaiting;
  /** Ends the waiting: what was thrown last is thrown. */
  signal: AbortSignal;
  restMs?: number;
  sayMs?: number;
}

/**
 * Opens what stands on a server, as soon as that is there: says every few seconds that it is not, for as long as it takes.
 * @throws ConfigError, at once, where the settings will not do
 */
export async function whenThere<P>(
  server: string,
  open: () => Promise<P>,
  { onWaiting, signal, restMs = defaultRestMs, sayMs = defaultSayMs }: WhenThereOptions,
): Promise<P> {
  let reason = 'no answer yet';
  let waited = false;
  const say = (): void => {
    waited = true;
    onWaiting(server, reason);
  };
  const saying = setInterval(say, sayMs).unref();
  try {
    for (;;) {
      try {
        const port = await open();
        if (waited) onWaiting(server);
        return port;
      } catch (error) {
        if (isUnfit(error)) throw new ConfigError(`${server} cannot be used: ${reasonOf(error)}`, { cause: error });
        if (signal.aborted) throw error;
        reason = reasonOf(error);
        say();
        saying.refresh();
        await delay(restMs, undefined, { signal }).catch(() => Promise.reject(error as Error));
      }
    }
  } finally {
    clearInterval(saying);
  }
}
