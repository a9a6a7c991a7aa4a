import { createHash } from 'node:crypto';
import type { Lane } from '../port.ts';

/** A message as it lies on a stream, as JSON. `failures` are deliveries that threw. */
export interface Queued {
  id: string;
  key: string;
  body: unknown;
  deliveries: number;
  failures: number;
}

/** Waits until it is due, in ms of the server's clock. */
export interface Delayed extends Queued {
  dueAt: number;
}

/** In work under a claim, until `leaseMs` after it was last written, by the server's clock. `node` is for people who look. */
export interface Working extends Queued {
  claim: string;
  leaseMs: number;
  node: string;
}

export interface Dead extends Queued {
  reason: string;
  /** Milliseconds since the epoch. */
  diedAt: number;
}

/** The last part of the subject that all of a key has: keys may have characters that subjects may not. */
export const tokenOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 22);

/** Ids say where their message is to be found: `<lane>.<token of the key>.<ulid>`. */
export const idOf = (lane: Lane, token: string, ulid: string): string => `${lane}.${token}.${ulid}`;

/** The message alone, without what the shelf that it comes from keeps beside it. */
export const bare = ({ id, key, body, deliveries, failures }: Queued): Queued => ({ id, key, body, deliveries, failures });

/** One message for two of a key: what the newer says, tried as often as the older. */
export const inheriting = <R extends Queued>(newer: R, { deliveries, failures }: Queued): R => ({
  ...newer,
  deliveries,
  failures,
});
