import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  nanos,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type StreamConfig,
} from 'nats';
import { lanes, type Lane } from '../port.ts';

/** What bounds a channel. */
export interface Limits {
  /** Bytes of a message as JSON. */
  messageBytes: number;
  /** Messages of a lane that wait, and again that are delayed; more are refused. */
  waiting: number;
  /** Dead letters of a lane; the oldest make room. */
  dead: number;
  /** A message that has waited, or been dead, for so long is dropped, in ms. */
  maxAgeMs: number;
}

export const defaultLimits: Limits = {
  messageBytes: 256 * 1024,
  waiting: 10_000_000,
  dead: 10_000,
  maxAgeMs: 30 * 86_400_000,
};

/** What is written beside a message: counts, a claim, the reason of a death. */
const recordBytes = 16 * 1024;
/**
 * How long what was handed out and not settled stays out, in ms: this long is lost where a node or a connection dies between
 * being handed a message and claiming it, which takes milliseconds. Parked messages are renewed.
 */
export const ackWaitMs = 6000;

/** Where a message of a lane can be: it waits, waits for its time, is in work, or is dead. Each is a stream with one message per key. */
export const shelves = ['wait', 'later', 'work', 'dead'] as const;
export type ShelfName = (typeof shelves)[number];

export const streamOf = (name: string, lane: Lane, shelf: ShelfName): string => `${name}-${shelf}-${lane}`;
export const subjectOf = (name: string, lane: Lane, shelf: ShelfName, token: string): string =>
  `${name}.${shelf}.${lane}.${token}`;
/** Where it is told that a key is no longer in work. */
export const freedSubjectOf = (name: string, lane: Lane, token: string): string => `${name}.freed.${lane}.${token}`;

/** The one consumer that a shelf has, but for dead letters: of nodes that take, or of those that look whether time is up. */
export const durableOf: Record<ShelfName, string | null> = { wait: 'take', later: 'due', work: 'lapsed', dead: null };

export interface Stream {
  config: Partial<StreamConfig> & { name: string };
  consumer: (Partial<ConsumerConfig> & { durable_name: string }) | null;
}

function streamFor(name: string, lane: Lane, shelf: ShelfName, replicas: number, limits: Limits): Stream {
  const ages = shelf === 'wait' || shelf === 'dead';
  const most: Record<ShelfName, number> = { wait: limits.waiting, later: limits.waiting, work: -1, dead: limits.dead };
  const durable = durableOf[shelf];
  return {
    config: {
      name: streamOf(name, lane, shelf),
      subjects: [subjectOf(name, lane, shelf, '*')],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      num_replicas: replicas,
      max_msgs_per_subject: 1,
      max_msgs: most[shelf],
      max_msg_size: limits.messageBytes + recordBytes,
      max_age: ages ? nanos(limits.maxAgeMs) : 0,
      discard: shelf === 'dead' ? DiscardPolicy.Old : DiscardPolicy.New,
      // Nothing is told apart by ids: a key has one message on a shelf, and a publish that is tried again finds its own.
      duplicate_window: nanos(10_000),
      // Reads go to the stream's leader, which knows the latest.
      allow_direct: false,
    },
    consumer:
      durable === null
        ? null
        : {
            durable_name: durable,
            ack_policy: AckPolicy.Explicit,
            deliver_policy: DeliverPolicy.All,
            replay_policy: ReplayPolicy.Instant,
            ack_wait: nanos(ackWaitMs),
            max_deliver: -1,
            // What waits for its time is handed out once and put off: all of it is unsettled as the server sees it.
            max_ack_pending: shelf === 'wait' ? 20_000 : -1,
            max_waiting: 10_000,
          },
  };
}

/** All streams of a channel, with their consumers, as they should be. */
export const layoutOf = (name: string, replicas: number, limits: Limits): Stream[] =>
  lanes.flatMap((lane) => shelves.map((shelf) => streamFor(name, lane, shelf, replicas, limits)));
