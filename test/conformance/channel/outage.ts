import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { ChannelError, type Channel } from '../../../drivers/channel/port.ts';
import { eventually, gate, many, message, newPlace, record, type OpenChannel } from './case.ts';

/** The server of a queue that is elsewhere. Both resolve when it is so. */
export interface Outage {
  away(): Promise<void>;
  back(): Promise<void>;
}

export interface OutageCase {
  title: string;
  run(open: OpenChannel, server: Outage): Promise<void>;
}

/** Generous: it has to be found out that a server is frozen, and machines can be busy. */
const patienceMs = 30_000;

async function inTheEnd(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + patienceMs;
  while (Date.now() < end) if (await eventually(holds, what).then(() => true, () => false)) return; // prettier-ignore
  await eventually(holds, what);
}

async function isDone(channel: Channel): Promise<boolean> {
  const stats = await channel.stats().catch(() => null);
  return stats !== null && Object.values(stats).every(({ waiting, delayed, inFlight }) => waiting + delayed + inFlight === 0);
}

async function assertUnavailable(asked: Promise<unknown>, what: string): Promise<void> {
  const patience = new AbortController();
  const hangs = delay(patienceMs, 'hangs', { signal: patience.signal }).catch(() => 'hangs');
  const outcome = await Promise.race([asked.then(() => 'is answered', (error: unknown) => error), hangs]); // prettier-ignore
  patience.abort();
  assert.ok(outcome instanceof ChannelError, `${what} while the server is away: ${String(outcome)}`);
  assert.equal(outcome.code, 'channel.unavailable');
}

/** What a channel promises whose queue is on a server: that it goes away and comes back costs time only. */
export const outage: OutageCase[] = [
  {
    title: 'says while its server is away that it is, and goes on by itself afterwards with nothing lost',
    async run(open, server) {
      const place = newPlace();
      const [publisher, worker] = [await open(place), await open(place)];
      try {
        const door = gate();
        await publisher.publish(many(20));
        await publisher.publish([message('later')], { delayMs: 1000 });
        const consumer = await record(worker, ({ key }) => (key === 'k0' ? door.opened.then(() => 'done') : 'done'), {
          inFlight: 1,
        });
        await consumer.given(1);
        await server.away();
        await Promise.all([
          assertUnavailable(publisher.publish([message('refused')]), 'publish'),
          assertUnavailable(publisher.stats(), 'stats'),
          assertUnavailable(publisher.deadLetters(), 'deadLetters'),
          assertUnavailable(publisher.revive(), 'revive'),
        ]);
        door.open();
        await server.back();
        await inTheEnd(() => isDone(publisher), 'all is done');
        const keys = new Set(consumer.keys());
        assert.deepEqual(
          [...many(20), message('later')].filter(({ key }) => !keys.has(key)),
          [],
        );
        await publisher.publish([message('afterwards')]);
        await inTheEnd(() => consumer.keys().includes('afterwards'), 'what comes afterwards is delivered');
      } finally {
        await Promise.all([publisher.close(), worker.close()]);
      }
    },
  },
  {
    title: 'can be closed while its server is away, and what it had in work comes back',
    async run(open, server) {
      const place = newPlace();
      const channel = await open(place);
      const consumer = await record(channel, () => new Promise(() => undefined), { leaseMs: 2000 });
      await channel.publish([message('a')]);
      await consumer.given(1);
      await server.away();
      try {
        await channel.close();
        assert.equal(consumer.deliveries[0]?.signal.aborted, true);
      } finally {
        await server.back();
      }
      const again = await open(place);
      try {
        const other = await record(again);
        await inTheEnd(() => other.deliveries.length > 0, 'it is delivered to another');
        assert.equal(other.deliveries[0]?.deliveries, 2);
      } finally {
        await again.close();
      }
    },
  },
];
