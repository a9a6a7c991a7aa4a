import type { Middleware, ServiceBroker } from 'moleculer';
import { type LinkTold, meshChanged } from './mesh-link.ts';

interface NodeNews {
  node: { id: string; instanceID: string; metadata?: LinkTold | null };
}

/**
 * Lets go of what was asked of a node that died and came back under its name before it was missed, or that could not hear for a
 * moment: Moleculer notices neither, and would wait for answers until their time limit.
 */
export const restartedNodes: Middleware = {
  name: 'restarted-nodes',
  created(broker: ServiceBroker) {
    const known = new Map<string, string>();
    const look = ({ node: { id, instanceID, metadata } }: NodeNews): void => {
      const before = known.get(id);
      const now = `${instanceID} ${metadata?.links ?? 0}`;
      known.set(id, now);
      if (before === undefined || before === now) return;
      broker.transit?.removePendingRequestByNodeID(id);
      meshChanged(broker);
    };
    // What was asked of a node that is missed has been let go of by Moleculer.
    broker.localBus.on('$node.disconnected', ({ node }: NodeNews) => known.delete(node.id));
    broker.localBus.on('$node.connected', look);
    broker.localBus.on('$node.updated', look);
  },
};
