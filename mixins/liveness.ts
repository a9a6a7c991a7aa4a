import type { ServiceBroker } from 'moleculer';

/** Whether a broker instance (`instanceID`, new at every start) is part of the mesh at this moment, as far as this node knows. */
export function isAlive(broker: ServiceBroker, instanceID: string): boolean {
  if (instanceID === broker.instanceID) return true;
  const nodes = broker.registry.getNodeList({ onlyAvailable: true, withServices: false }) as { instanceID?: string | null }[];
  return nodes.some((node) => node.instanceID === instanceID);
}
