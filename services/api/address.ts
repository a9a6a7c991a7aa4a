import type { ServiceBroker } from 'moleculer';

const addresses = new WeakMap<ServiceBroker, string>();

/** The address as a person opens it: a server that listens everywhere is reached on this machine by its own name. */
export function announce(broker: ServiceBroker, host: string, port: number): void {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  addresses.set(broker, `http://${name.includes(':') ? `[${name}]` : name}:${port}`);
}

/** Where the gateway of this broker listens, without a slash at its end. */
export function addressOf(broker: ServiceBroker): string {
  const address = addresses.get(broker);
  if (address === undefined)
    throw new Error('the api service of this broker is not listening; it does between its start and its stop');
  return address;
}
