import type { Middleware, ServiceBroker } from 'moleculer';
import { meshChanged } from './mesh-link.ts';

interface NodeNews {
  node: { id: string; instanceID: string };
}

/**
 * Lets go of what was asked of a node that died and came back under its name before it was missed: Moleculer takes the new
 * process for the old one, and would wait for answers until their time limit.
 */
export const restartedNodes: Middleware = {
  name: 'restarted-nodes',
  created(broker: ServiceBroker) {
    const instances = new Map<string, string>();
    const look = ({ node: { id, instanceID } }: NodeNews): void => {
      const before = instances.get(id);
      instances.set(id, instanceID);
      if (before === undefined || before === instanceID) return;
      broker.transit?.removePendingRequestByNodeID(id);
      meshChanged(broker);
    };
    // What was asked of a node that is missed has been let go of by Moleculer.
    broker.localBus.on('$node.disconnected', ({ node }: NodeNews) => instances.delete(node.id));
    broker.localBus.on('$node.connected', look);
    broker.localBus.on('$node.updated', look);
  },
};
