import { type CallingOptions, Errors, type Middleware, type ServiceBroker } from 'moleculer';

type Call = (action: string, params?: unknown, options?: CallingOptions) => Promise<unknown>;

/** What Moleculer throws where there is nobody to ask. */
function nobody({ registry }: ServiceBroker, action: string, nodeID: string | undefined): Error | undefined {
  if (nodeID !== undefined)
    return registry.getActionEndpointByNodeId(action, nodeID) ? undefined : new Errors.ServiceNotFoundError({ action, nodeID });
  const hosts = registry.getActionEndpoints(action);
  if (!hosts) return new Errors.ServiceNotFoundError({ action });
  return hosts.hasAvailable() ? undefined : new Errors.ServiceNotAvailableError({ action });
}

/**
 * Calls of what no node hosts now fail as they do in Moleculer, but for its line in the log each time: clients that come again would
 * write a thousand of them, and what is missing is said by the watch (watch.ts).
 */
export function unhosted(): Middleware {
  let broker: ServiceBroker | undefined;
  const call =
    (next: Call): Call =>
    (action, params, options) => {
      const error = broker && nobody(broker, action, options?.nodeID);
      return error ? Promise.reject(error) : next(action, params, options);
    };
  return {
    name: 'unhosted',
    created: (of) => void (broker = of),
    // Moleculer's own types have this answer a call, where it gives the function that answers calls.
    call: call as unknown as NonNullable<Middleware['call']>,
  };
}
