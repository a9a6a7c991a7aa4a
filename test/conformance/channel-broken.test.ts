import { jest } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '../../drivers/channel/journal/open.ts';
import { placesOf, type Channel, type ConsumeOptions, type Delivery, type Verdict } from '../../drivers/channel/port.ts';
import { channelCases } from './channel.ts';
import { firstFailure } from './failures.ts';

// Those beside each other share the disk and the processors.
jest.setTimeout(240_000);

const root = await mkdtemp(join(tmpdir(), 'vitrail-broken-channel-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const open = (place: string): Promise<Channel> => openJournal({ file: join(root, place, 'channel.sqlite') });

type Handler = (delivery: Delivery) => Promise<Verdict>;
type Breakage = (good: Channel) => Partial<Channel>;

/** Another handler or other options under the same consumer. */
const consuming =
  (change: (handler: Handler, options: ConsumeOptions) => [Handler, ConsumeOptions]): Breakage =>
  (good) => ({ consume: (handler, options) => good.consume(...change(handler, options)) });

/** One broken promise each. */
const breakages: Record<string, Breakage> = {
  'loses every tenth message': (good) => ({
    publish: (messages, options) =>
      good.publish(
        messages.filter((_, i) => i % 10 !== 9),
        options,
      ),
  }),
  'delivers twice': consuming((handler, options) => [async (delivery) => (await handler(delivery), handler(delivery)), options]),
  'knows no lanes': (good) => ({
    publish: (messages, options) =>
      good.publish(
        messages.map((m) => ({ ...m, lane: 'backfill', body: [m.lane, m.body] })),
        options,
      ),
    consume: (handler, options) =>
      good.consume((delivery) => {
        const [lane, body] = delivery.body as [Delivery['lane'], unknown];
        return handler(
          Object.defineProperties(Object.create(delivery) as Delivery, { lane: { value: lane }, body: { value: body } }),
        );
      }, options),
  }),
  'gives bodies as text': consuming((handler, options) => [
    (delivery) => handler({ ...delivery, body: JSON.stringify(delivery.body) }),
    options,
  ]),
  'counts no deliveries': consuming((handler, options) => [(delivery) => handler({ ...delivery, deliveries: 1 }), options]),
  'takes more than asked for': consuming((handler, options) => [handler, { ...options, inFlight: placesOf(options) * 2 }]),
  'takes one at a time': consuming((handler, options) => [handler, { ...options, inFlight: 1 }]),
  'takes coming again for done': consuming((handler, options) => [
    async (delivery) => (await handler(delivery), 'done'),
    options,
  ]),
  'takes failing for done': consuming((handler, options) => [(delivery) => handler(delivery).catch(() => 'done'), options]),
  'comes again at once': consuming((handler, options) => [
    async (delivery) => ((await handler(delivery)) === 'done' ? 'done' : { againInMs: 0 }),
    options,
  ]),
  'redelivers a failure at once, and for ever': consuming((handler, options) => [
    (delivery) => handler(delivery).catch(() => ({ againInMs: 0 })),
    options,
  ]),
  'takes coming again for a failure': consuming((handler, options) => [
    async (delivery) => {
      const verdict = await handler(delivery);
      if (verdict !== 'done') throw new Error('again');
      return verdict;
    },
    options,
  ]),
  'knows no delay': (good) => ({ publish: (messages) => good.publish(messages) }),
  'adds every message, waiting or not': (good) => {
    let added = 0;
    return {
      publish: (messages, options) =>
        good.publish(
          messages.map((m) => ({ ...m, key: `${m.key}#${added++}` })),
          options,
        ),
      consume: (handler, options) =>
        good.consume((delivery) => handler({ ...delivery, key: delivery.key.replace(/#.*/, '') }), options),
    };
  },
  'drops what is published while its key is in work': (good) => {
    const inWork = new Set<string>();
    return {
      publish: (messages, options) =>
        good.publish(
          messages.filter(({ key }) => !inWork.has(key)),
          options,
        ),
      consume: (handler, options) =>
        good.consume((delivery) => {
          inWork.add(delivery.key);
          return handler(delivery).finally(() => inWork.delete(delivery.key));
        }, options),
    };
  },
  'buries nothing': consuming((handler, options) => [handler, { ...options, maxDeliveries: 1000 }]),
  'buries too soon': consuming((handler, options) => [handler, { ...options, maxDeliveries: 1 }]),
  'forgets why a message died': (good) => ({
    deadLetters: async (options) => (await good.deadLetters(options)).map((letter) => ({ ...letter, reason: '' })),
  }),
  'revives all, whichever were named': (good) => ({ revive: () => good.revive() }),
  'revives nothing': (good) => ({ revive: async (ids) => ids?.length ?? (await good.deadLetters()).length }),
  'gives a delivery to another when its lease is over, at work or not': consuming((handler, options) => [
    (delivery) => {
      const lease = setTimeout(() => void handler(delivery).catch(() => undefined), options.leaseMs ?? 30_000).unref();
      return handler(delivery).finally(() => clearTimeout(lease));
    },
    options,
  ]),
  'does not wait when it stops': (good) => ({
    consume: async (handler, options) => {
      const consumer = await good.consume(handler, options);
      return { ...consumer, stop: () => consumer.stop(0) };
    },
  }),
  'goes on after it was stopped': (good) => ({
    consume: async (handler, options) => ({ ...(await good.consume(handler, options)), stop: async () => undefined }),
  }),
  'takes from lanes that are closed': consuming((handler, { lanes: _all, ...options }) => [handler, options]),
  'asks but once which lanes are open': consuming((handler, options) => {
    const open = options.lanes?.();
    return [handler, { ...options, ...(open && { lanes: () => open }) }];
  }),
  'does not wake when it is told to': (good) => ({
    consume: async (handler, options) => ({ ...(await good.consume(handler, options)), wake: () => undefined }),
  }),
  'never tells that it lets go': consuming((handler, options) => [
    (delivery) => handler({ ...delivery, signal: new AbortController().signal }),
    options,
  ]),
  'counts what is delayed as waiting': (good) => ({
    async stats() {
      const { interactive, backfill } = await good.stats();
      return { interactive, backfill: { ...backfill, waiting: backfill.waiting + backfill.delayed, delayed: 0 } };
    },
  }),
};

describe('the conformance suite of channels', () => {
  it('passes the journal', async () => {
    expect(await firstFailure(channelCases, open)).toBeNull();
  });

  // Beside each other: what a broken channel never does is waited for to the end of patience.
  it.concurrent.each(Object.entries(breakages))('fails a channel that %s', async (_, broken) => {
    const failure = await firstFailure(channelCases, async (place) => {
      const good = await open(place);
      return { ...good, ...broken(good) };
    });
    expect(failure).not.toBeNull();
  });

  it('fails a channel that forgets when it is closed', async () => {
    let opened = 0;
    expect(await firstFailure(channelCases, (place) => open(`${place}-${opened++}`))).toContain('survives closing');
  });
});
