import type { Middleware, ServiceBroker } from 'moleculer';
import type { Plugin } from '../../config/plugins.ts';
import type { EnricherPool } from './pool.ts';
import { enricherService } from './service.ts';

/**
 * The enrichers of a node: a service for each, and one pool for them all, that ends after the last service has stopped.
 * `graceMs`: how long runs that have begun may then go on.
 */
export function enrichers(
  plugins: readonly Plugin[],
  open: (broker: ServiceBroker) => EnricherPool,
  { graceMs }: { graceMs: number },
): Middleware {
  let pool: EnricherPool | undefined;
  return {
    name: 'enrichers',
    created(broker) {
      const opened = open(broker);
      pool = opened;
      for (const plugin of plugins) {
        broker.createService(enricherService(plugin, opened));
        if (plugin.missing !== undefined)
          broker.logger.warn(`The enricher '${plugin.enricher.name}' cannot run on this node: ${plugin.missing}`);
      }
    },
    async stopped() {
      await pool?.stop(graceMs);
    },
  };
}
