import { createHash } from 'node:crypto';

/** A node that could take a run. */
export interface Host {
  nodeID: string;
  /** Child processes there. */
  slots: number;
}

/** Picks the node for each run, so that an asset is decoded on one of them, and none has much more to do than its share. */
export interface Placement {
  /** The node to run on, counted as busy with one more until it is disposed of; undefined where there is none. */
  place(assetId: string, hosts: readonly Host[]): ({ readonly nodeID: string } & Disposable) | undefined;
}

/** How much more than its share a node may have in work, so that assets stay together where possible. */
const slack = 1.25;

/** Highest for the node an asset belongs to; a node with more slots wins as much more often (Wang and Ravishankar 1998, weighted). */
function score(assetId: string, { nodeID, slots }: Host): number {
  const bits = createHash('sha1').update(`${assetId}\n${nodeID}`).digest().readUIntBE(0, 6);
  return -slots / Math.log((bits + 0.5) / 2 ** 48);
}

/**
 * Rendezvous hashing with bounded loads: each asset has an order of nodes that is the same on every core and changes for few
 * assets when a node comes or goes; the first of them that has not much more than its share in work gets the run
 * (Mirrokni, Thorup, Zadimoghaddam 2018, consistent hashing with bounded loads).
 */
export function placement(): Placement {
  const inWork = new Map<string, number>();
  const load = ({ nodeID }: Host): number => inWork.get(nodeID) ?? 0;
  const count = (nodeID: string, by: number): void => {
    const now = (inWork.get(nodeID) ?? 0) + by;
    if (now > 0) inWork.set(nodeID, now);
    else inWork.delete(nodeID);
  };

  return {
    place(assetId, hosts) {
      const total = hosts.reduce((sum, host) => sum + load(host), 1);
      const slots = hosts.reduce((sum, host) => sum + host.slots, 0);
      const room = (host: Host): boolean => load(host) < Math.ceil((slack * total * host.slots) / slots);
      const order = hosts.map((host) => ({ host, score: score(assetId, host) })).sort((a, b) => b.score - a.score);
      const found = (order.find(({ host }) => room(host)) ?? order[0])?.host.nodeID;
      if (found === undefined) return undefined;
      count(found, 1);
      let counted = true;
      return {
        nodeID: found,
        [Symbol.dispose]() {
          if (counted) count(found, -1);
          counted = false;
        },
      };
    },
  };
}
