import { createHash } from 'node:crypto';

/** A node that could take a run. */
export interface Host {
  nodeID: string;
  /** Child processes there. */
  slots: number;
}

/** Picks the nodes that an asset's runs are on, so that it is decoded on one of them, and none has much more to do than its share. */
export interface Placement {
  /** One asset's turn: its nodes have it in work until it is disposed of. */
  turn(assetId: string): Stay;
}

export interface Stay extends Disposable {
  /** The node for the next run: where the asset is in work already, if it can. Undefined where there is no node. */
  nodeOf(hosts: readonly Host[]): string | undefined;
}

/** How much more than its share a node may have in work, so that assets stay together where possible. */
const slack = 1.25;

/** Highest for the node an asset belongs to; a node with more slots wins as much more often (Wang and Ravishankar 1998, weighted). */
function score(assetId: string, { nodeID, slots }: Host): number {
  const bits = createHash('sha1').update(`${assetId}\n${nodeID}`).digest().readUIntBE(0, 6);
  return -slots / Math.log((bits + 0.5) / 2 ** 48);
}

/** So many assets may be in work on a node before one goes elsewhere. Of few it is their share alone: one more is a node that rests. */
function roomOf({ slots }: Host, total: number, allSlots: number): number {
  const share = (total * slots) / allSlots;
  return Math.max(Math.ceil(share), Math.floor(slack * share));
}

/**
 * Rendezvous hashing with bounded loads: each asset has an order of nodes that is the same on every core and changes for few
 * assets when a node comes or goes; the first of them that has not much more than its share in work gets the asset
 * (Mirrokni, Thorup, Zadimoghaddam 2018, consistent hashing with bounded loads), and keeps it for the turn: on another node it would
 * be fetched and decoded anew.
 */
export function placement(): Placement {
  const inWork = new Map<string, number>();
  const load = ({ nodeID }: Host): number => inWork.get(nodeID) ?? 0;
  const count = (nodeID: string, by: number): void => {
    const now = (inWork.get(nodeID) ?? 0) + by;
    if (now > 0) inWork.set(nodeID, now);
    else inWork.delete(nodeID);
  };
  function choose(assetId: string, hosts: readonly Host[]): string | undefined {
    const total = hosts.reduce((sum, host) => sum + load(host), 1);
    const slots = hosts.reduce((sum, host) => sum + host.slots, 0);
    const order = hosts.map((host) => ({ host, score: score(assetId, host) })).sort((a, b) => b.score - a.score);
    return (order.find(({ host }) => load(host) < roomOf(host, total, slots)) ?? order[0])?.host.nodeID;
  }

  return {
    turn(assetId) {
      const nodes = new Set<string>();
      return {
        nodeOf(hosts) {
          const here = hosts.find(({ nodeID }) => nodes.has(nodeID))?.nodeID;
          const found = here ?? choose(assetId, hosts);
          if (found !== undefined && here === undefined) {
            nodes.add(found);
            count(found, 1);
          }
          return found;
        },
        [Symbol.dispose]() {
          for (const nodeID of nodes) count(nodeID, -1);
          nodes.clear();
        },
      };
    },
  };
}
