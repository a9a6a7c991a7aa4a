import { Errors, type Middleware, type ServiceBroker } from 'moleculer';

/** What Moleculer answers where there is nobody to ask. */
function nobody({ registry }: ServiceBroker, action: string, nodeID: unknown): Errors.MoleculerRetryableError | undefined {
  if (typeof nodeID === 'string')
    return registry.getActionEndpointByNodeId(action, nodeID) ? undefined : new Errors.ServiceNotFoundError({ action, nodeID });
  const hosts = registry.getActionEndpoints(action);
  if (!hosts) return new Errors.ServiceNotFoundError({ action });
  return hosts.hasAvailable() ? undefined : new Errors.ServiceNotAvailableError({ action });
}

/**
 * Calls of what no node hosts now fail as they do in Moleculer, but for its line in the log each time: clients that come again would
 * write a thousand of them, and what is missing is said by the watch (watch.ts). Calls and the gateway's requests both look here first.
 */
export const unhosted: Middleware = {
  name: 'unhosted',
  created(broker) {
    const find = broker.findNextActionEndpoint.bind(broker);
    broker.findNextActionEndpoint = (action, options, ctx) =>
      (typeof action === 'string' ? nobody(broker, action, options?.['nodeID']) : undefined) ?? find(action, options, ctx);
  },
};
