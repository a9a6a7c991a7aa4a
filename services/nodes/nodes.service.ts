import type { Service, ServiceBroker, ServiceSchema } from 'moleculer';
import { catalogOf, type Catalog } from '../../mixins/catalog.ts';
import { implement, type SchemaOf } from '../../mixins/implement.ts';
import { oneQueued } from '../../mixins/one-queued.ts';
import { readyWhen } from '../../mixins/readiness.ts';
import { call } from '../contracts/contract.ts';
import { meshEvents } from '../contracts/event.ts';
import { nodes, type MeshNode } from '../contracts/nodes.ts';
import { pipeline } from '../contracts/pipeline.ts';
import { toMeshNode } from './known.ts';

/** Lines that are remembered as said. */
const mostSaid = 1000;

interface NodesService extends Service {
  catalog: Catalog;
  /** What has been said of nodes, so that it is said once. */
  said: Set<string>;
  learn: () => Promise<void>;
}
type NodesSchema = SchemaOf<NodesService> & { merged(schema: ServiceSchema): void };

/** Knows the nodes of the mesh; every node has it, and answers for itself. */
export default {
  name: 'nodes',

  actions: implement<typeof nodes, NodesService>(nodes, {
    async list() {
      await measureLoad(this.broker);
      return { items: meshNodes(this) };
    },
  }),

  /** Every node hears what the mesh has in force: a group is where only one of several listeners is told. */
  merged(this: Service, schema: ServiceSchema) {
    const group = `nodes:${this.broker.nodeID}`;
    const handler = function (this: NodesService): Promise<void> {
      return this.learn();
    };
    schema.events = { ...schema.events, [meshEvents.manifestsChanged.name]: { group, handler } } as NonNullable<
      ServiceSchema['events']
    >;
  },

  async started(this: NodesService) {
    this.catalog = catalogOf(this.broker);
    this.said = new Set();
    this.learn = oneQueued(() => learn(this));
    this.catalog.onChange(() => sayDifferences(this));
    await Promise.resolve();
  },

  events: {
    async '$broker.started'(this: NodesService) {
      // Of those that were there before it.
      sayDifferences(this);
      await introduce(this.broker);
      await this.learn();
    },
    async '$node.connected'(this: NodesService) {
      sayDifferences(this);
      await this.learn();
    },
  },
} satisfies NodesSchema;

/**
 * Tells the others of this node and its services, and has each of them answer: what it is told comes before what it is asked. Until
 * then this node is not ready, so that who waits for it finds it known. One that does not answer is not waited for.
 */
async function introduce(broker: ServiceBroker): Promise<void> {
  if (!broker.transit) return;
  const introduced = readyWhen(broker, () => ['mesh: other nodes are told of this one']);
  try {
    await broker.registry.discoverer.sendLocalNodeInfo();
    await broker.ping();
  } catch (error) {
    broker.logger.warn('Other nodes hear of this one later', error);
  } finally {
    introduced();
  }
}

/** What is in force on the mesh, of nodes that have gone, too; where nobody can say now, it is told when somebody can. */
async function learn({ broker, catalog, logger }: NodesService): Promise<void> {
  if (!broker.transit || !broker.registry.actions.isAvailable(pipeline.manifests.name)) return;
  try {
    catalog.remember(await call(broker, pipeline.manifests, {}));
  } catch (error) {
    logger.debug('What the mesh has in force is learned later', error);
  }
}

/** A node that has nobody to tell its load does not measure it by itself. */
async function measureLoad({ registry, transit, getCpuUsage }: ServiceBroker): Promise<void> {
  if (!transit) await registry.nodes.localNode?.updateLocalInfo(getCpuUsage);
}

function meshNodes({ broker, catalog }: NodesService): MeshNode[] {
  const standard = {
    version: (broker.metadata as { version?: string }).version ?? 'unknown',
    manifest: (enricher: string) => catalog.get(enricher),
  };
  return broker.registry
    .getNodeList({ withServices: true })
    .map((node) => toMeshNode(node, standard))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A node that is of another version, or has another idea of an enricher, is named in the log of those that differ from it. */
function sayDifferences(service: NodesService): void {
  for (const { id, available, notes } of meshNodes(service))
    for (const note of available ? notes : []) {
      const line = `Node '${id}' disagrees with this one: ${note}`;
      if (service.said.has(line)) continue;
      service.logger.warn(line);
      // Nodes come and go under new names; rather said twice than remembered for ever.
      if (service.said.size >= mostSaid) service.said.clear();
      service.said.add(line);
    }
}
