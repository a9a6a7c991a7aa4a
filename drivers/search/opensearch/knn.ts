import type { SearchField } from '../port.ts';
import { numbersOf } from './bytes.ts';
import { Refusal } from './failures.ts';
import { graphName } from './mapping.ts';
import type { Json, Server } from './server.ts';

/** The k-NN plugin's class, under which a node tells of it however it was installed. */
const plugin = 'org.opensearch.knn.plugin.KNNPlugin';

/** As many candidates as this are taken from the graph, or four times what is wanted: the script then puts them in order. */
const leastCandidates = 400;
const candidatesFor = (limit: number): number => Math.max(leastCandidates, 4 * limit);

interface Nodes {
  nodes: Record<string, { plugins?: { classname: string }[] }>;
}

/** Whether every node has the plugin: a shard that needs it could not be opened on one that has not. Who may not ask, goes without. */
export async function haveKnn(server: Server): Promise<boolean> {
  try {
    const { nodes } = await server.ask<Nodes>('GET', '/_nodes/plugins', { query: { filter_path: 'nodes.*.plugins.classname' } });
    return Object.values(nodes).every(({ plugins = [] }) => plugins.some(({ classname }) => classname === plugin));
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** Nearly all of the nearest, and some more: what is removed has no vector. */
export const graphQuery = (
  field: SearchField,
  value: string,
  { limit, exclude }: { limit: number; exclude: readonly string[] },
): Json => ({
  knn: {
    [`vectors.${graphName(field)}`]: {
      vector: numbersOf(value),
      k: candidatesFor(limit),
      ...(exclude.length > 0 && { filter: { bool: { must_not: [{ terms: { id: exclude } }] } } }),
    },
  },
});
