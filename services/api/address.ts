import { createServer } from 'node:net';
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

/** Whether an address can be listened on now: undefined, or why not, in words. */
export function whyNotFree(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => {
      const reason = { EADDRINUSE: 'is taken by another program', EACCES: 'may not be listened on by this user' }[code ?? ''];
      resolve(`port ${port} of ${host} ${reason ?? `cannot be listened on (${code ?? 'unknown'})`}`);
    });
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}
