import { Runner, type ServiceBroker } from 'moleculer';
import type { ServiceName } from '../config/roles.ts';
import { packageRoot } from '../config/variables.ts';

/** moleculer-runner with its flags said by us: it refuses those it does not know, and would read options from any environment variable of their name. */
export async function startBroker(services: readonly ServiceName[]): Promise<ServiceBroker> {
  const { default: options } = await import('../moleculer.config.ts');
  const runner = new Runner();
  runner.processFlags(['node', 'vitrail', ...services.map((name) => `${packageRoot}/services/${name}/${name}.service.ts`)]);
  runner.config = options;
  return runner.startBroker();
}

/** Ctrl-C and SIGTERM: what is under way is let go of; a second one ends the process at once. */
export function abortOnSignal(): AbortSignal {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  return abort.signal;
}
