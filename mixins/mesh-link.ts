import { type ActionHandler, Errors, type Middleware, type ServiceBroker } from 'moleculer';

/** Heartbeats come every 2 s (config/mesh.ts): after so long, in ms, a node that is there has been heard. */
const settleMs = 10_000;

interface Link {
  connected: boolean;
  /** When it was last made, by the clock of `performance.now()`. */
  since: number;
  settling?: NodeJS.Timeout;
}
const links = new WeakMap<ServiceBroker, Link>();

/** What Moleculer's transporter has of the client of NATS: that one reconnects by itself, and says so here only. */
interface WithStatus {
  client?: { status(): AsyncIterable<{ type: string }> };
}

/** By a little later than the moment at which `knowsOthers` holds. */
function made(broker: ServiceBroker, link: Link): void {
  Object.assign(link, { connected: true, since: performance.now() });
  clearTimeout(link.settling);
  link.settling = setTimeout(meshChanged, settleMs + 100, broker).unref();
}

/** What was asked of others has no answer any more: it may have been lost on the way, and nobody would say so. */
function broken(broker: ServiceBroker, link: Link): void {
  link.connected = false;
  const nodes = broker.registry.getNodeList({ onlyAvailable: false, withServices: false }) as { id: string }[];
  for (const { id } of nodes) if (id !== broker.nodeID) broker.transit?.removePendingRequestByNodeID(id);
}

/** How often this node's way to the others was made anew; travels in its metadata. */
export interface LinkTold {
  links?: number;
}

/** What was asked of this node while it could not hear is lost; who asked is told by the news of it (restarted-nodes.ts). */
async function sayAgain(broker: ServiceBroker): Promise<void> {
  const told = broker.metadata as LinkTold;
  told.links = (told.links ?? 0) + 1;
  await broker.registry.discoverer.sendLocalNodeInfo();
}

async function follow(broker: ServiceBroker, link: Link): Promise<void> {
  const { client } = (broker.transit?.tx ?? {}) as WithStatus;
  for await (const { type } of client?.status() ?? []) {
    if (type === 'disconnect') broken(broker, link);
    if (type !== 'reconnect') continue;
    made(broker, link);
    await sayAgain(broker);
  }
}

const listeners = new WeakMap<ServiceBroker, Set<() => void>>();

/**
 * Calls back when others may have left something undone: one of them has gone, or began anew, or this node knows who is there after
 * it could not hear them.
 */
export function onMeshChange(broker: ServiceBroker, listener: () => void): () => void {
  const all = listeners.get(broker) ?? new Set();
  listeners.set(broker, all.add(listener));
  return () => void all.delete(listener);
}

/** Tells those who listen. */
export function meshChanged(broker: ServiceBroker): void {
  for (const listener of [...(listeners.get(broker) ?? [])]) listener();
}

/** Moleculer's own types ask for arguments that its class does not take. */
const notConnected = (): Error => Reflect.construct(Errors.BrokerDisconnectedError, []) as Error;

/** Keeps an eye on the way to the other nodes. */
export const meshLink: Middleware = {
  name: 'mesh-link',
  /** The client would keep a question until there is a way again; who asks is better told now. */
  remoteAction(next: ActionHandler) {
    return function (ctx) {
      return isConnected(ctx.broker) ? (next.call(this, ctx) as unknown) : Promise.reject(notConnected());
    };
  },
  created(broker: ServiceBroker) {
    const link: Link = { connected: false, since: 0 };
    links.set(broker, link);
    broker.localBus.on('$transporter.connected', () => {
      made(broker, link);
      follow(broker, link).catch((error: unknown) => broker.logger.warn('The way to the other nodes is not followed', error));
    });
    broker.localBus.on('$transporter.disconnected', () => broken(broker, link));
    broker.localBus.on('$node.disconnected', () => meshChanged(broker));
  },
};

/** Whether this node can hear the others; one that is alone hears all there are. */
export const isConnected = (broker: ServiceBroker): boolean => !broker.transit || (links.get(broker)?.connected ?? false);

/** Whether this node has heard the others for long enough to know which of them are there. */
export function knowsOthers(broker: ServiceBroker): boolean {
  if (!broker.transit) return true;
  const link = links.get(broker);
  return link !== undefined && link.connected && performance.now() - link.since > settleMs;
}
