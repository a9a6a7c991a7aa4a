import type { Middleware, ServiceBroker } from 'moleculer';
import type { BlobStore } from '../drivers/blobs/port.ts';
import type { Channel } from '../drivers/channel/port.ts';
import type { RecordStore } from '../drivers/records/port.ts';
import type { SearchIndex } from '../drivers/search/port.ts';
import type { Config } from './variables.ts';

export type { Config } from './variables.ts';

/** What stands behind the services. */
export interface Ports {
  blobs: BlobStore;
  records: RecordStore;
  search: SearchIndex;
  channel: Channel;
}

/** Ports that know how to be closed in order, with what they stand on. */
export type OpenPorts = Ports & AsyncDisposable;

const configs = new WeakMap<ServiceBroker, Config>();
const opened = new WeakMap<ServiceBroker, Ports & Partial<AsyncDisposable>>();

async function close(ports: Ports & Partial<AsyncDisposable>): Promise<void> {
  if (ports[Symbol.asyncDispose]) return ports[Symbol.asyncDispose]?.();
  const { channel, search, records, blobs } = ports;
  await Promise.all([channel, search, records, blobs].map((port) => port.close()));
}

/** Opens the ports before any service starts, and closes them after the last has stopped. */
export function ports(config: Config, open: (config: Config) => Promise<Ports & Partial<AsyncDisposable>>): Middleware {
  return {
    name: 'ports',
    created(broker) {
      configs.set(broker, config);
    },
    async starting(broker) {
      opened.set(broker, await open(config));
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

export function configOf(broker: ServiceBroker): Config {
  const config = configs.get(broker);
  if (!config) throw new Error('this broker was made without the ports middleware, which brings its configuration');
  return config;
}
