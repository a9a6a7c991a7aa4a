import type { ServiceBroker } from 'moleculer';
import type { Catalog } from '../../mixins/catalog.ts';
import { enrich, enricherServiceName } from '../contracts/enricher.ts';
import type { Host } from './placement.ts';

/** Assets in work at once on one node of the pipeline, at most. */
const mostInFlight = 256;
/** For each child process: while one asset is written down, the next is at hand. */
const perSlot = 2;

const metadataOf = (broker: ServiceBroker, nodeID: string): { slots?: unknown } =>
  nodeID === broker.nodeID ? broker.metadata : (broker.registry.nodes.get(nodeID)?.metadata ?? {});

function slotsOf(broker: ServiceBroker, nodeID: string): number {
  const { slots } = metadataOf(broker, nodeID);
  return typeof slots === 'number' && slots > 0 ? slots : 1;
}

/** The nodes that can take a run of an enricher now: those whose breaker is open rest for a moment. */
export const hostsOf = (broker: ServiceBroker, catalog: Catalog, enricher: string): Host[] =>
  catalog
    .hosts(enricher)
    .filter((nodeID) => broker.registry.getActionEndpointByNodeId(enrich(enricher).name, nodeID)?.isAvailable)
    .map((nodeID) => ({ nodeID, slots: slotsOf(broker, nodeID) }));

/** How many assets this node should have in work: its share of what keeps every child process of the mesh busy. */
export function inFlightOf(broker: ServiceBroker, catalog: Catalog): number {
  const workers = new Set(catalog.manifests().flatMap(({ name }) => catalog.hosts(name)));
  const slots = [...workers].reduce((sum, nodeID) => sum + slotsOf(broker, nodeID), 0);
  const sharers = broker.registry
    .getServiceList({ onlyAvailable: true, skipInternal: true })
    .filter(({ name }) => name === 'pipeline').length;
  return Math.min(mostInFlight, Math.max(perSlot, Math.ceil((perSlot * slots) / Math.max(1, sharers))));
}

/** Whether any node there is hosts an enricher, of whatever version. */
export const isHosted = (broker: ServiceBroker, enricher: string): boolean =>
  broker.registry
    .getServiceList({ onlyAvailable: true, skipInternal: true })
    .some(({ name }) => name === enricherServiceName(enricher));
