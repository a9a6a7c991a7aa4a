import type { BrokerOptions } from 'moleculer';
import { childEnvironment, config } from './config/index.ts';
import { loadPlugins } from './config/plugins.ts';
import { ports } from './config/ports.ts';
import { openPorts } from './config/profiles/index.ts';
import { childEnv } from './mixins/enricher/child-env.ts';
import { enrichers } from './mixins/enricher/node.ts';
import { openEnricherPool } from './mixins/enricher/pool.ts';

const settings = config();
const environment = childEnv(childEnvironment(settings));
const plugins = await loadPlugins(settings.pluginsFile, environment);
/** Work under way has been waited for by then (VITRAIL_GRACE_SECONDS, services/pipeline); this is for what was given up. */
const graceMs = 500;
/** A node of Vitrail. Ports open before any service starts and close after the last has stopped. */
export default {
  namespace: 'vitrail',
  logger:
    settings.logFormat === 'json'
      ? { type: 'Pino', options: { level: settings.logLevel } }
      : { type: 'Console', options: { level: settings.logLevel } },
  logLevel: settings.logLevel,
  requestTimeout: 120_000,
  // The breaker's clock runs only where it is on for all; here it never opens, enrichers bring a `check` of their own.
  circuitBreaker: { enabled: true, windowTime: 60, check: () => false },
  // Params are parsed by the contracts' own schemas (mixins/implement.ts).
  validator: false,
  // main.ts stops the broker, once and with a word to the person who waits.
  skipProcessEventRegistration: true,
  middlewares: [
    ports(settings, openPorts),
    enrichers(
      plugins,
      (broker) => openEnricherPool({ slots: settings.workers, env: environment, logger: broker.getLogger('enrichers') }),
      { graceMs },
    ),
  ],
} satisfies BrokerOptions;
