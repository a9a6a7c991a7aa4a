import assert from 'node:assert/strict';
import { assertStats, eventually, many, message, record, settled, withChannel, type ChannelCase } from './case.ts';

const failing = (): never => {
  throw new Error('the engine is away');
};

/** Delays, failures and dead letters. Where time matters, another message with a delay of its own is the clock. */
export const redelivering: ChannelCase[] = [
  withChannel('a delayed message comes when it is due, after one that is due sooner', async (channel) => {
    const consumer = await record(channel, () => 'done', { inFlight: 1 });
    // So long that a busy machine looks before either is due.
    await channel.publish([message('third')], { delayMs: 1300 });
    await channel.publish([message('second', 'backfill')], { delayMs: 1000 });
    await assertStats(channel, { interactive: { delayed: 1 }, backfill: { delayed: 1 } });
    await channel.publish([message('first', 'backfill')]);
    await consumer.given(3);
    assert.deepEqual(consumer.keys(), ['first', 'second', 'third']);
  }),
  withChannel('a delivery that asks to come again does so after its delay, and counts', async (channel) => {
    const consumer = await record(channel, async ({ key, deliveries }) => {
      if (key !== 'a' || deliveries > 2) return 'done';
      await channel.publish([message(`clock${deliveries}`)], { delayMs: 50 });
      return { againInMs: 300 };
    });
    await channel.publish([message('a')]);
    await consumer.given(5);
    await settled(channel);
    assert.deepEqual(
      consumer.deliveries.map(({ key, deliveries }) => `${key} ${deliveries}`),
      ['a 1', 'clock1 1', 'a 2', 'clock2 1', 'a 3'],
    );
    assert.equal(new Set(consumer.deliveries.filter(({ key }) => key === 'a').map(({ id }) => id)).size, 1);
  }),
  withChannel('coming again is no failure, however often', async (channel) => {
    const consumer = await record(channel, ({ deliveries }) => (deliveries < 10 ? { againInMs: 0 } : 'done'), {
      maxDeliveries: 2,
    });
    await channel.publish([message('a')]);
    await consumer.given(10);
    await settled(channel);
    await assertStats(channel, {});
  }),
  withChannel('a delivery that throws comes again after a delay', async (channel) => {
    const consumer = await record(channel, ({ key, deliveries }) => (key === 'bad' && deliveries === 1 ? failing() : 'done'));
    await channel.publish([message('bad')]);
    await eventually(async () => (await channel.stats()).interactive.delayed === 1, 'the failed message is delayed');
    await channel.publish([message('good')]);
    await consumer.given(3);
    assert.deepEqual(
      consumer.deliveries.map(({ key, deliveries }) => `${key} ${deliveries}`),
      ['bad 1', 'good 1', 'bad 2'],
    );
    await settled(channel);
    await assertStats(channel, {});
  }),
  withChannel('a message that keeps throwing becomes a dead letter with its reason, and the others go on', async (channel) => {
    const consumer = await record(channel, ({ key }) => (key === 'bad' ? failing() : 'done'), { maxDeliveries: 2 });
    await channel.publish([message('bad', 'backfill', { asset: 7 }), ...many(5)]);
    await eventually(async () => (await channel.stats()).backfill.dead === 1, 'the message is dead');
    await settled(channel);
    assert.equal(consumer.keys().filter((key) => key === 'bad').length, 2);
    assert.equal(new Set(consumer.keys()).size, 6);
    const letters = await channel.deadLetters();
    assert.equal(letters.length, 1);
    const { lane, key, body, deliveries, reason, diedAt } = letters[0]!;
    assert.deepEqual({ lane, key, body, deliveries }, { lane: 'backfill', key: 'bad', body: { asset: 7 }, deliveries: 2 });
    assert.match(reason, /the engine is away/);
    assert.ok(Math.abs(diedAt - Date.now()) < 86_400_000, 'diedAt is in ms since the epoch');
  }),
  withChannel('dead letters come back when they are revived, all or those named', async (channel) => {
    let broken = true;
    const consumer = await record(channel, () => (broken ? failing() : 'done'), { maxDeliveries: 1 });
    await channel.publish(many(4));
    await eventually(async () => (await channel.deadLetters()).length === 4, 'four dead letters');
    assert.equal((await channel.deadLetters({ limit: 3 })).length, 3);
    broken = false;
    const second = (await channel.deadLetters()).find(({ key }) => key === 'k1');
    assert.equal(await channel.revive([second?.id ?? '', '999999', 'nobody']), 1);
    await consumer.given(5);
    assert.equal(consumer.keys().at(-1), 'k1');
    assert.equal(await channel.revive(), 3);
    await consumer.given(8);
    await settled(channel);
    await assertStats(channel, {});
    assert.equal(await channel.revive(), 0);
  }),
  withChannel('a revived message has all its chances again', async (channel) => {
    const consumer = await record(channel, failing, { maxDeliveries: 2 });
    await channel.publish([message('bad')]);
    const died = async (): Promise<boolean> => (await channel.stats()).interactive.dead === 1;
    await eventually(died, 'it is dead');
    await channel.revive();
    await eventually(died, 'it is dead again');
    assert.equal(consumer.deliveries.length, 4);
  }),
];
