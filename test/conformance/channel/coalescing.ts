import assert from 'node:assert/strict';
import { assertStats, gate, inWork, message, record, settled, withChannel, type ChannelCase } from './case.ts';

/** One message of a key and lane waits, one is in work, and no change is lost between the two. */
export const coalescing: ChannelCase[] = [
  withChannel('while a message waits, another of its key and lane is not added', async (channel) => {
    await channel.publish([message('a'), message('a'), message('b')]);
    await channel.publish([message('a'), message('a', 'backfill')]);
    await assertStats(channel, { interactive: { waiting: 2 }, backfill: { waiting: 1 } });
    const consumer = await record(channel, () => 'done', { inFlight: 1 });
    await consumer.given(3);
    await settled(channel);
    assert.deepEqual(consumer.keys(), ['a', 'b', 'a']);
  }),
  withChannel('a message that is due brings a delayed one of its key forward', async (channel) => {
    await channel.publish([message('a')], { delayMs: 3_600_000 });
    await assertStats(channel, { interactive: { delayed: 1 } });
    await channel.publish([message('a')]);
    await assertStats(channel, { interactive: { waiting: 1 } });
    await channel.publish([message('a')], { delayMs: 3_600_000 });
    await assertStats(channel, { interactive: { waiting: 1 } });
    const consumer = await record(channel);
    await consumer.given(1);
    await settled(channel);
    assert.equal(consumer.deliveries.length, 1);
  }),
  withChannel('a message published while one of its key is in work is delivered afterwards, never beside it', async (channel) => {
    const door = gate();
    const consumer = await record(channel, ({ body }) => (body === 1 ? door.opened.then(() => 'done') : 'done'));
    await channel.publish([message('a', 'interactive', 1)]);
    await consumer.given(1);
    await channel.publish([message('a', 'interactive', 2)]);
    await channel.publish([message('a', 'interactive', 2), message('other')]);
    await consumer.given(2);
    assert.deepEqual(consumer.keys(), ['a', 'other']);
    await inWork(channel, 1);
    await assertStats(channel, { interactive: { waiting: 1, inFlight: 1 } });
    door.open();
    await consumer.given(3);
    await settled(channel);
    assert.deepEqual(
      consumer.deliveries.map(({ body }) => body),
      [1, { key: 'other' }, 2],
    );
  }),
  withChannel('two of one key are never in work at once, whoever consumes and however often it is published', async (channel) => {
    const inWork = new Set<string>();
    let beside = 0;
    const handle = async ({ key }: { key: string }): Promise<'done'> => {
      if (inWork.has(key)) beside++;
      inWork.add(key);
      await new Promise(setImmediate);
      await channel.publish([message(`k${Math.floor(Math.random() * 3)}`)].slice(0, Math.random() < 0.9 ? 1 : 0));
      inWork.delete(key);
      return 'done';
    };
    const consumers = [await record(channel, handle, { inFlight: 5 }), await record(channel, handle, { inFlight: 5 })];
    await channel.publish([message('k0'), message('k1'), message('k2')]);
    await settled(channel);
    assert.equal(beside, 0);
    assert.ok(consumers.some(({ deliveries }) => deliveries.length > 0));
  }),
  withChannel('a newer message of a key is not lost when the one in work is put off', async (channel) => {
    const door = gate();
    const consumer = await record(channel, ({ body }) =>
      body === 'old' ? door.opened.then(() => ({ againInMs: 3_600_000 })) : 'done',
    );
    await channel.publish([message('a', 'interactive', 'old')]);
    await consumer.given(1);
    await channel.publish([message('a', 'interactive', 'new')]);
    door.open();
    await consumer.given(2);
    assert.equal(consumer.deliveries[1]?.body, 'new');
  }),
];
