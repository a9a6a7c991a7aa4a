import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../error.ts';
import type { OnWaiting } from '../ports.ts';

/** Between two tries, in ms: what a server that starts may cost beyond its own start. */
const restMs = 2000;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);

/**
 * Opens what stands on a server, as soon as that is there: says every few seconds that it is not, for as long as it takes.
 * @throws ConfigError where waiting would change nothing
 */
export async function whenThere<P>(server: string, open: () => Promise<P>, onWaiting: OnWaiting): Promise<P> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      onWaiting(server, reasonOf(error));
      await delay(restMs);
    }
  }
}
