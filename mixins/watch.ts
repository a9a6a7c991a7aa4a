import type { Middleware, ServiceBroker } from 'moleculer';
import { reasonsNotReady } from './readiness.ts';

/** How often a node looks whether it has what it needs, in ms: while it has, and while it has not. */
export interface WatchTimes {
  restMs: number;
  awayMs: number;
}
const defaults: WatchTimes = { restMs: 10_000, awayMs: 3000 };

interface Watched {
  timer?: NodeJS.Timeout;
  /** What is missing, and since when by the clock of `performance.now()`. */
  missing: Map<string, number>;
}

const nameOf = (reason: string): string => reason.split(': ', 1)[0] ?? reason;

/** Says what is missing, and of what was that it is there. */
function say({ logger }: ServiceBroker, { missing }: Watched, reasons: readonly string[]): void {
  const now = performance.now();
  const names = new Set(reasons.map(nameOf));
  for (const [name, since] of missing) {
    if (names.has(name)) continue;
    missing.delete(name);
    logger.warn(`No longer waiting for ${name}, after ${Math.round((now - since) / 1000)} s`);
  }
  for (const name of names) if (!missing.has(name)) missing.set(name, now);
  if (reasons.length > 0) logger.warn(`Waiting for ${reasons.join('; ')}`);
}

/**
 * Says every few seconds which server or service of others a started node lacks, as it is said of servers at the start
 * (config/ports.ts). Whatever fails for that reason need not be said each time. A process that is alone lacks nothing that would come.
 */
export function watch({ restMs, awayMs }: WatchTimes = defaults): Middleware {
  const all = new WeakMap<ServiceBroker, Watched>();

  async function look(broker: ServiceBroker, watched: Watched): Promise<void> {
    const reasons = await reasonsNotReady(broker);
    if (all.get(broker) !== watched) return;
    // Of one that starts or stops there is nothing to say here.
    if (broker.started) say(broker, watched, reasons);
    later(broker, watched, reasons.length > 0 ? awayMs : restMs);
  }
  function later(broker: ServiceBroker, watched: Watched, ms: number): void {
    watched.timer = setTimeout(() => void look(broker, watched), ms).unref();
  }

  return {
    name: 'watch',
    async started(broker) {
      if (!broker.transit) return Promise.resolve();
      const watched: Watched = { missing: new Map() };
      all.set(broker, watched);
      later(broker, watched, awayMs);
      return Promise.resolve();
    },
    async stopping(broker) {
      clearTimeout(all.get(broker)?.timer);
      all.delete(broker);
      return Promise.resolve();
    },
  };
}
