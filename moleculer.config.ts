import type { BrokerOptions } from 'moleculer';
import { blobKeysOf, childEnvironment, config, forgetSecrets } from './config/index.ts';
import { meshOptions, retryPolicy } from './config/mesh.ts';
import { metricsOptions } from './config/metrics.ts';
import { loadPlugins } from './config/plugins.ts';
import { ports } from './config/ports.ts';
import { openPorts } from './config/profiles/index.ts';
import { hostedPlugins } from './config/roles.ts';
import { version } from './config/version.ts';
import { childEnv } from './mixins/enricher/child-env.ts';
import { enrichers } from './mixins/enricher/node.ts';
import { openEnricherPool } from './mixins/enricher/pool.ts';
import { engineErrors } from './mixins/engine-errors.ts';
import { health } from './mixins/health.ts';
import { meshLink } from './mixins/mesh-link.ts';
import { restartedNodes } from './mixins/restarted-nodes.ts';
import { unhosted } from './mixins/unhosted.ts';
import { watch } from './mixins/watch.ts';

const settings = config();
const environment = childEnv(childEnvironment(settings));
// Plugins are code of others: nothing that is loaded from here on finds a secret.
forgetSecrets();
const plugins = await loadPlugins(settings.pluginsFile, environment, hostedPlugins(settings));
/** Work under way has been waited for by then (VITRAIL_GRACE_SECONDS, services/pipeline); this is for what was given up. */
const graceMs = 500;
/** A node of Vitrail. Ports open before any service starts and close after the last has stopped. */
export default {
  namespace: settings.namespace,
  ...(settings.nodeId !== undefined && { nodeID: settings.nodeId }),
  metadata: {
    role: settings.role,
    version,
    startedAt: Date.now(),
    slots: plugins.length > 0 ? settings.workers : 0,
  },
  logger:
    settings.logFormat === 'json'
      ? { type: 'Pino', options: { level: settings.logLevel } }
      : { type: 'Console', options: { level: settings.logLevel } },
  logLevel: settings.logLevel,
  requestTimeout: 120_000,
  ...meshOptions(settings),
  ...metricsOptions(settings),
  retryPolicy,
  // The breaker's clock runs only where it is on for all; here it never opens, enrichers bring a `check` of their own.
  circuitBreaker: { enabled: true, windowTime: 60, check: () => false },
  // Params are parsed by the contracts' own schemas (mixins/implement.ts).
  validator: false,
  // main.ts stops the broker, once and with a word to the person who waits.
  skipProcessEventRegistration: true,
  middlewares: [
    ...(settings.healthPort === undefined ? [] : [health({ host: settings.host, port: settings.healthPort, version })]),
    ports(settings, openPorts),
    enrichers(
      plugins,
      (broker) =>
        openEnricherPool({
          slots: settings.workers,
          env: environment,
          keys: blobKeysOf(settings),
          logger: broker.getLogger('enrichers'),
        }),
      { graceMs },
    ),
    engineErrors,
    meshLink,
    restartedNodes,
    unhosted,
    watch(),
  ],
} satisfies BrokerOptions;
