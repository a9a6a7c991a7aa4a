import type { ServiceBroker } from 'moleculer';
import { knowsOthers } from './mesh-link.ts';

/** Names a process of the mesh for records that outlive it: its node, and its start (`instanceID`, new each time). */
export const runnerOf = ({ nodeID, instanceID }: ServiceBroker): string => `${nodeID}/${instanceID}`;

interface Registered {
  id: string;
  instanceID?: string | null;
}

/**
 * Whether a process (`runnerOf`) is part of the mesh at this moment, as far as this node knows. While it cannot hear the others, and
 * for a moment after, it takes nobody for dead but those whose name has another process now: no two have it at the same time.
 */
export function isAlive(broker: ServiceBroker, runner: string): boolean {
  if (runner === runnerOf(broker)) return true;
  const slash = runner.lastIndexOf('/');
  const nodeID = runner.slice(0, slash);
  if (nodeID === broker.nodeID) return false;
  const nodes = broker.registry.getNodeList({ onlyAvailable: true, withServices: false }) as Registered[];
  const now = nodes.find(({ id }) => id === nodeID)?.instanceID;
  return now ? now === runner.slice(slash + 1) : !knowsOthers(broker);
}
