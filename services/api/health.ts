import type { ServiceBroker } from 'moleculer';
import type { Ports } from '../../config/ports.ts';
import { actionRoutes } from './routes.ts';

/** How long a port may take to answer, in ms. */
const patienceMs = 2000;

/** A key that is never there: asking for it tells whether the store answers. */
const nowhere = 'tmp/ready';

async function answers(name: string, ask: () => Promise<unknown>): Promise<string[]> {
  const { promise: late, resolve } = Promise.withResolvers<string[]>();
  const timer = setTimeout(() => resolve([`${name}: no answer within ${patienceMs} ms`]), patienceMs);
  const asked = Promise.resolve()
    .then(ask)
    .then(
      () => [],
      () => [`${name}: fails`],
    );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/** What keeps this process from answering requests as it should; nothing when it is ready. */
export async function reasonsNotReady(broker: ServiceBroker, ports: () => Ports): Promise<string[]> {
  if (broker.stopping) return ['server: is stopping'];
  if (!broker.started) return ['server: is starting'];
  const offered = new Set(broker.registry.getActionList({ onlyAvailable: true, skipInternal: true }).map(({ name }) => name));
  const missing = actionRoutes
    .map(({ action }) => action.name)
    .filter((name) => !offered.has(name))
    .map((name) => `action ${name}: no node offers it`);
  const { blobs, search, channel } = ports();
  const failing = await Promise.all([
    answers('blobs', () => blobs.stat(nowhere)),
    answers('search', () => search.count()),
    answers('channel', () => channel.stats()),
  ]);
  return [...missing, ...failing.flat()];
}
