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
  /**
   * The node for the next run: the asset's own, which is chosen at the first run that more than one node can do; where that cannot, the
   * one it is on, or another. Undefined where there is no node.
   */
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
  /** The first with room, of which `at` comes before all others: there the asset is decoded already. */
  function choose(assetId: string, hosts: readonly Host[], at?: string): string | undefined {
    const others = (host: Host): number => load(host) - Number(host.nodeID === at);
    const total = hosts.reduce((sum, host) => sum + others(host), 1);
    const slots = hosts.reduce((sum, host) => sum + host.slots, 0);
    const order = hosts
      .map((host) => ({ host, score: host.nodeID === at ? Infinity : score(assetId, host) }))
      .sort((a, b) => b.score - a.score);
    return order.find(({ host }) => others(host) < roomOf(host, total, slots))?.host.nodeID;
  }

  return {
    turn(assetId) {
      let home: string | undefined;
      let at: string | undefined;
      const move = (to: string | undefined): void => {
        if (to === at) return;
        if (at !== undefined) count(at, -1);
        if (to !== undefined) count(to, 1);
        at = to;
      };
      function next(hosts: readonly Host[]): string | undefined {
        const can = (nodeID?: string): boolean => hosts.some((host) => host.nodeID === nodeID);
        if (can(home)) return home;
        if (home === undefined && hosts.length > 1) return (home = choose(assetId, hosts, at));
        return can(at) ? at : choose(assetId, hosts);
      }
      return {
        nodeOf(hosts) {
          move(next(hosts));
          return at;
        },
        [Symbol.dispose]: () => move(undefined),
      };
    },
  };
}
