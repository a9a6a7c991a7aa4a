import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  Channel,
  Consumer,
  ConsumeOptions,
  Delivery,
  Lane,
  LaneStats,
  Message,
  Verdict,
} from '../../../drivers/channel/port.ts';

/** Gives an empty channel; with a `place` given before, the channel of then, which has been closed. */
export type OpenChannel = (place: string) => Promise<Channel>;

export interface ChannelCase {
  title: string;
  run(open: OpenChannel): Promise<void>;
}

/** A case that needs one channel, closed after it. */
export const withChannel = (title: string, check: (channel: Channel) => Promise<void>): ChannelCase => ({
  title,
  async run(open) {
    const channel = await open(newPlace());
    try {
      await check(channel);
    } finally {
      await channel.close();
    }
  },
});

export const newPlace = (): string => randomBytes(8).toString('hex');

const patienceMs = 8000;

/** Waits until something holds; fails when it still does not after 8 s. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(`waited in vain: ${what}`);
    await delay(5);
  }
}

/** A consumer that remembers what it was given. */
export interface Recorder {
  consumer: Consumer;
  deliveries: Delivery[];
  keys(): string[];
  /** Most deliveries in work at the same time. */
  most(): number;
  /** Waits until so many have been given, counted from the start. */
  given(count: number): Promise<void>;
}

export async function record(
  channel: Channel,
  handler: (delivery: Delivery) => Verdict | Promise<Verdict> = () => 'done',
  options: Partial<ConsumeOptions> = {},
): Promise<Recorder> {
  const deliveries: Delivery[] = [];
  let now = 0;
  let most = 0;
  const consumer = await channel.consume(
    async (delivery) => {
      deliveries.push(delivery);
      most = Math.max(most, ++now);
      try {
        return await handler(delivery);
      } finally {
        now--;
      }
    },
    { inFlight: 4, ...options },
  );
  return {
    consumer,
    deliveries,
    keys: () => deliveries.map(({ key }) => key),
    most: () => most,
    given: (count) => eventually(() => deliveries.length >= count, `${count} deliveries, there are ${deliveries.length}`),
  };
}

export const message = (key: string, lane: Lane = 'interactive', body: unknown = { key }): Message => ({ lane, key, body });

export const many = (count: number, lane: Lane = 'interactive', prefix = 'k'): Message[] =>
  Array.from({ length: count }, (_, i) => message(`${prefix}${i}`, lane));

const nothing: LaneStats = { waiting: 0, delayed: 0, inFlight: 0, dead: 0 };

export async function assertStats(channel: Channel, expected: Partial<Record<Lane, Partial<LaneStats>>>): Promise<void> {
  const { interactive, backfill } = await channel.stats();
  assert.deepEqual(
    { interactive, backfill },
    { interactive: { ...nothing, ...expected.interactive }, backfill: { ...nothing, ...expected.backfill } },
  );
}

/** Waits until so many are in work: what a handler is done with is so a moment before the queue has heard of it. */
export const inWork = (channel: Channel, count: number): Promise<void> =>
  eventually(async () => {
    const { interactive, backfill } = await channel.stats();
    return interactive.inFlight + backfill.inFlight === count;
  }, `${count} in work`);

export const settled = (channel: Channel): Promise<void> =>
  eventually(async () => {
    const stats = await channel.stats();
    return Object.values(stats).every(({ waiting, delayed, inFlight }) => waiting + delayed + inFlight === 0);
  }, 'nothing waits or is in work any more');

/** A door that handlers wait at until the case opens it. */
export function gate(): { opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}
