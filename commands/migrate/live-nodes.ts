import { setTimeout as delay } from 'node:timers/promises';
import { ServiceBroker } from 'moleculer';
import { meshOptions } from '../../config/mesh.ts';
import type { Config } from '../../config/index.ts';
import { Refusal } from '../command.ts';

/** A node that lives is heard within this time, in ms: it sends a heartbeat every 2 s (config/mesh.ts). */
const listenMs = 2500;
/** How long NATS may take to answer, in ms. */
const patienceMs = 10_000;

interface Seen {
  id: string;
  available: boolean;
}

/**
 * The names of the nodes of a mesh that are running. For a moment there is one more, which hosts nothing.
 * @throws Refusal where NATS does not answer
 */
export async function liveNodes(config: Config): Promise<string[]> {
  const broker = new ServiceBroker({
    namespace: config.namespace,
    nodeID: `vitrail-migrate-${process.pid}`,
    logger: false,
    skipProcessEventRegistration: true,
    ...meshOptions(config),
    tracking: { enabled: false },
  });
  const started = broker.start().then(() => true);
  started.catch(() => undefined);
  try {
    if (!(await Promise.race([started, delay(patienceMs, false, { ref: false })])))
      throw new Refusal('NATS (VITRAIL_NATS_URL) does not answer, so it is not known whether nodes are running: start it first.');
    await delay(listenMs);
    const nodes = broker.registry.getNodeList({ onlyAvailable: true, withServices: false }) as Seen[];
    return nodes.flatMap(({ id }) => (id === broker.nodeID ? [] : [id])).sort();
  } finally {
    await Promise.race([broker.stop(), delay(1000, undefined, { ref: false })]);
  }
}
