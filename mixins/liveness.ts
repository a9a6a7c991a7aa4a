import type { ServiceBroker } from 'moleculer';
import { knowsOthers } from './mesh-link.ts';

/**
 * Whether a broker instance (`instanceID`, new at every start) is part of the mesh at this moment, as far as this node knows. While
 * it cannot hear the others, and for a moment after, it takes nobody for dead.
 */
export function isAlive(broker: ServiceBroker, instanceID: string): boolean {
  if (instanceID === broker.instanceID || !knowsOthers(broker)) return true;
  const nodes = broker.registry.getNodeList({ onlyAvailable: true, withServices: false }) as { instanceID?: string | null }[];
  return nodes.some((node) => node.instanceID === instanceID);
}
