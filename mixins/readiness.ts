import type { ServiceBroker } from 'moleculer';
import { isConnected } from './mesh-link.ts';
import { openPortsOf, type PortName, type Ports, portsOf, waitingFor } from '../config/ports.ts';

/** How long a port may take to answer, in ms. */
const patienceMs = 2000;

/** A key that is never there: asking for it tells whether the store answers. */
const nowhere = 'tmp/ready';

const ask: Record<PortName, (ports: Ports) => Promise<unknown>> = {
  blobs: ({ blobs }) => blobs.stat(nowhere),
  records: ({ records }) => records.ping(),
  search: ({ search }) => search.count(),
  channel: ({ channel }) => channel.stats(),
};

/** What stands behind a port in the distributed profile, for those who run it. */
const standsOn: Record<PortName, string> = { blobs: 'S3', records: 'MongoDB', search: 'OpenSearch', channel: 'NATS JetStream' };

async function answers(name: string, asked: () => Promise<unknown>): Promise<string[]> {
  const { promise: late, resolve } = Promise.withResolvers<string[]>();
  const timer = setTimeout(() => resolve([`${name}: no answer within ${patienceMs} ms`]), patienceMs);
  const answered = Promise.resolve()
    .then(asked)
    .then(
      () => [],
      () => [`${name}: fails`],
    );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

const conditions = new WeakMap<ServiceBroker, Set<() => string[]>>();

/** Adds to what this node has to have before it is ready; gives a function that takes it back. */
export function readyWhen(broker: ServiceBroker, reasonsNot: () => string[]): () => void {
  const all = conditions.get(broker) ?? new Set();
  conditions.set(broker, all.add(reasonsNot));
  return () => void all.delete(reasonsNot);
}

/** What keeps a node from doing its part; nothing when it is ready. */
export async function reasonsNotReady(broker: ServiceBroker): Promise<string[]> {
  if (broker.stopping) return ['server: is stopping'];
  const waiting = waitingFor(broker);
  if (!broker.started) return ['server: is starting', ...waiting, ...(waiting.length > 0 || isConnected(broker) ? [] : [noMesh])];
  const title = (name: PortName): string => (broker.transit ? `${name} (${standsOn[name]})` : name);
  const ports = portsOf(broker);
  const failing = await Promise.all(openPortsOf(broker).map((name) => answers(title(name), () => ask[name](ports))));
  const unmet = [...(conditions.get(broker) ?? [])].flatMap((reasonsNot) => reasonsNot());
  return [...(isConnected(broker) ? [] : [noMesh]), ...unmet, ...failing.flat()];
}

const noMesh = 'mesh (NATS): not connected';
