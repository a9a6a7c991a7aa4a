import type { Middleware, ServiceBroker } from 'moleculer';
import type { BlobStore } from '../drivers/blobs/port.ts';
import type { Channel } from '../drivers/channel/port.ts';
import type { RecordStore } from '../drivers/records/port.ts';
import type { SearchIndex } from '../drivers/search/port.ts';
import type { PortName } from './roles.ts';
import type { Config } from './variables.ts';

export type { Config } from './variables.ts';
export type { PortName } from './roles.ts';

/** What stands behind the services. One that no service of this node needs throws where it is asked for. */
export interface Ports {
  blobs: BlobStore;
  records: RecordStore;
  search: SearchIndex;
  channel: Channel;
}

/** Ports that know how to be closed in order, with what they stand on, and which of them are open. */
export type OpenPorts = Ports & AsyncDisposable & { readonly names: readonly PortName[] };
type Opened = Ports & Partial<OpenPorts>;

/** Told of a server that is not there, again and again with the reason (which has no secret), and once without when it is. */
export type OnWaiting = (server: string, reason?: string) => void;
export type Open = (config: Config, onWaiting: OnWaiting) => Promise<Opened>;

const allNames: readonly PortName[] = ['blobs', 'records', 'search', 'channel'];
const configs = new WeakMap<ServiceBroker, Config>();
const opened = new WeakMap<ServiceBroker, Opened>();
const awaited = new WeakMap<ServiceBroker, Map<string, string>>();

async function close(ports: Opened): Promise<void> {
  if (ports[Symbol.asyncDispose]) return ports[Symbol.asyncDispose]?.();
  const { channel, search, records, blobs } = ports;
  await Promise.all([channel, search, records, blobs].map((port) => port.close()));
}

/** Opens the ports before any service starts, and closes them after the last has stopped. */
export function ports(config: Config, open: Open): Middleware {
  return {
    name: 'ports',
    created(broker) {
      configs.set(broker, config);
    },
    async starting(broker) {
      const waiting = new Map<string, string>();
      awaited.set(broker, waiting);
      const onWaiting: OnWaiting = (server, reason) => {
        if (reason === undefined) {
          waiting.delete(server);
          broker.logger.info(`No longer waiting for ${server}`);
          return;
        }
        waiting.set(server, reason);
        broker.logger.warn(`Waiting for ${server}: ${reason}`);
      };
      opened.set(broker, await open(config, onWaiting));
    },
    async stopped(broker) {
      const open = opened.get(broker);
      opened.delete(broker);
      if (open) await close(open);
    },
  };
}

export function portsOf(broker: ServiceBroker): Ports {
  const open = opened.get(broker);
  if (!open)
    throw new Error('the ports are open only between the start of the broker and its stop, and need the ports middleware');
  return open;
}

/** Which ports are open on this node. */
export const openPortsOf = (broker: ServiceBroker): readonly PortName[] => {
  const open = opened.get(broker);
  return open ? (open.names ?? allNames) : [];
};

/** The servers that this node waits for before it starts, each with the reason. */
export const waitingFor = (broker: ServiceBroker): readonly string[] =>
  [...(awaited.get(broker) ?? [])].map(([server, reason]) => `${server}: ${reason}`);

export function configOf(broker: ServiceBroker): Config {
  const config = configs.get(broker);
  if (!config) throw new Error('this broker was made without the ports middleware, which brings its configuration');
  return config;
}
