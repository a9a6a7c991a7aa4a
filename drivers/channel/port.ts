import { CodedError } from '../coded-error.ts';

/** Work that someone waits for goes before work that fills up. */
export const lanes = ['interactive', 'backfill'] as const;
export type Lane = (typeof lanes)[number];

/** `key` names what the work is about: while a message of the same key and lane waits undelivered, another one is not added. */
export interface Message {
  lane: Lane;
  key: string;
  body: unknown;
}

/** @throws RangeError for a lane that there is not */
export function checkLanes(messages: readonly Pick<Message, 'lane'>[]): void {
  const unknown = messages.find(({ lane }) => !lanes.includes(lane));
  if (unknown) throw new RangeError(`there is no lane '${unknown.lane}': use ${lanes.join(' or ')}`);
}

export interface Delivery extends Message {
  id: string;
  /** How often it was handed out, this time included: 1 at first. */
  deliveries: number;
  /** Aborted when the consumer must let go: the channel closes, or the lease was lost. */
  signal: AbortSignal;
}

/** What became of a delivery: done, or to be delivered again after a delay. A handler that throws asks for a delayed redelivery too. */
export type Verdict = 'done' | { againInMs: number };

export interface ConsumeOptions {
  /** Messages in work at once, on this node; a function is asked again each time before one is taken. */
  inFlight: number | (() => number);
  /** The lanes that messages are taken from, asked each time before one is; all, unless told otherwise. */
  lanes?: () => readonly Lane[];
  /** Lease of a delivery, in ms, renewed by the driver while the handler runs. A dead consumer's messages come back after it. */
  leaseMs?: number;
  /** A delivery that throws this many times becomes a dead letter. */
  maxDeliveries?: number;
}

/** How many messages a consumer may have in work now. @throws RangeError for what is no whole number from 1 */
export function placesOf({ inFlight }: Pick<ConsumeOptions, 'inFlight'>): number {
  const places = typeof inFlight === 'number' ? inFlight : inFlight();
  if (!Number.isInteger(places) || places < 1) throw new RangeError('inFlight is a whole number from 1');
  return places;
}

export interface Consumer {
  /** To be told where `inFlight` or `lanes` answers otherwise than before: what may be taken now is, and what may not stays. */
  wake(): void;
  /** Takes nothing new, waits for what is in work up to `graceMs`, then lets go of the rest (it is delivered again). */
  stop(graceMs?: number): Promise<void>;
}

export interface LaneStats {
  waiting: number;
  delayed: number;
  inFlight: number;
  dead: number;
}

export interface DeadLetter extends Message {
  id: string;
  deliveries: number;
  reason: string;
  /** Milliseconds since the epoch. */
  diedAt: number;
}

/**
 * A durable queue of work, at least once. Every driver passes test/conformance/channel.ts. Lanes in order: an interactive
 * message is delivered before a waiting backfill one. The ledger is the truth: a lost message costs time, never work.
 * A driver whose queue is elsewhere rejects with `ChannelError`s, within about ten seconds, while that cannot be reached.
 */
export interface Channel {
  /** Resolves when the message will survive the process. */
  publish(messages: Message[], options?: { delayMs?: number }): Promise<void>;
  consume(handler: (delivery: Delivery) => Promise<Verdict>, options: ConsumeOptions): Promise<Consumer>;
  stats(): Promise<Record<Lane, LaneStats>>;
  deadLetters(options?: { limit?: number }): Promise<DeadLetter[]>;
  /** Puts dead letters back to wait, all or those named; answers how many. */
  revive(ids?: string[]): Promise<number>;
  close(): Promise<void>;
}

/** `unavailable`: the queue cannot be reached now, try again later; `full`: it takes no more until some of it is done. */
export type ChannelErrorCode = 'channel.unavailable' | 'channel.full';

export class ChannelError extends CodedError<ChannelErrorCode> {
  override readonly name = 'ChannelError';
}
