import type { Breaker } from '../contracts/pipeline.ts';

/** What Moleculer tells the mesh when a circuit breaker changes. */
export interface BreakerChange {
  /** The node whose action it guards. */
  nodeID: string;
  action: string;
}

/** The breakers that are not closed, as their changes tell; a node that starts later than one opened hears of its next change. */
export interface Breakers {
  note(change: BreakerChange, state: Breaker): void;
  /** A node that goes takes its breakers with it. */
  forget(nodeID: string): void;
  of(action: string, nodeID: string): Breaker;
}

export function breakers(): Breakers {
  const known = new Map<string, { nodeID: string; state: Breaker }>();
  const keyOf = ({ action, nodeID }: BreakerChange): string => `${nodeID}\n${action}`;
  return {
    note(change, state) {
      if (state === 'closed') known.delete(keyOf(change));
      else known.set(keyOf(change), { nodeID: change.nodeID, state });
    },
    forget(nodeID) {
      for (const [key, breaker] of known) if (breaker.nodeID === nodeID) known.delete(key);
    },
    of: (action, nodeID) => known.get(keyOf({ action, nodeID }))?.state ?? 'closed',
  };
}
