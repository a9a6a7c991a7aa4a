import assert from 'node:assert/strict';
import { assertStats, gate, many, message, newPlace, record, settled, withChannel, type ChannelCase } from './case.ts';

/** What is published is delivered: once, in order, by lanes, and not too much at a time. */
export const delivering: ChannelCase[] = [
  withChannel('delivers what is published, as it was published, and forgets it when it is done', async (channel) => {
    const body = { text: 'Grün 🌲', list: [1, null, { deep: true }], zero: 0 };
    const consumer = await record(channel);
    await channel.publish([message('a', 'backfill', body), message('b', 'interactive', null)]);
    await consumer.given(2);
    const found = Object.fromEntries(
      consumer.deliveries.map(({ key, lane, body: given, deliveries }) => [key, { lane, given, deliveries }]),
    );
    assert.deepEqual(found, {
      a: { lane: 'backfill', given: body, deliveries: 1 },
      b: { lane: 'interactive', given: null, deliveries: 1 },
    });
    assert.notEqual(consumer.deliveries[0]?.id, consumer.deliveries[1]?.id);
    await settled(channel);
    await assertStats(channel, {});
  }),
  withChannel('keeps what is published before anyone consumes', async (channel) => {
    await channel.publish([]);
    await channel.publish([...many(3), ...many(2, 'backfill')]);
    await assertStats(channel, { interactive: { waiting: 3 }, backfill: { waiting: 2 } });
    await (await record(channel)).given(5);
    await settled(channel);
  }),
  withChannel('delivers all interactive messages before the waiting backfill ones, each lane in its order', async (channel) => {
    await channel.publish(many(3, 'backfill', 'b'));
    await channel.publish(many(3, 'interactive', 'i'));
    const consumer = await record(channel, () => 'done', { inFlight: 1 });
    await consumer.given(6);
    assert.deepEqual(consumer.keys(), ['i0', 'i1', 'i2', 'b0', 'b1', 'b2']);
  }),
  withChannel('lets an interactive message overtake backfill that already flows', async (channel) => {
    await channel.publish(many(5, 'backfill', 'b'));
    const door = gate();
    const consumer = await record(channel, ({ key }) => (key === 'b0' ? door.opened.then(() => 'done') : 'done'), {
      inFlight: 1,
    });
    await consumer.given(1);
    await channel.publish([message('i')]);
    door.open();
    await consumer.given(6);
    assert.deepEqual(consumer.keys(), ['b0', 'i', 'b1', 'b2', 'b3', 'b4']);
  }),
  withChannel('delivers each of a thousand messages once', async (channel) => {
    const consumer = await record(channel, () => 'done', { inFlight: 20 });
    await Promise.all([channel.publish(many(700)), channel.publish(many(300, 'backfill', 'b'))]);
    await consumer.given(1000);
    await settled(channel);
    assert.equal(consumer.deliveries.length, 1000);
    assert.equal(new Set(consumer.keys()).size, 1000);
  }),
  withChannel('has no more in work than asked for, and no less where there is enough', async (channel) => {
    const door = gate();
    const consumer = await record(channel, () => door.opened.then(() => 'done'), { inFlight: 3 });
    await channel.publish(many(20));
    await consumer.given(3);
    await assertStats(channel, { interactive: { waiting: 17, inFlight: 3 } });
    door.open();
    await consumer.given(20);
    assert.equal(consumer.most(), 3);
  }),
  withChannel('shares work between consumers', async (channel) => {
    const both = gate();
    let waiting = 0;
    const meet = (): Promise<'done'> => {
      if (++waiting === 2) both.open();
      return both.opened.then(() => 'done');
    };
    const [one, two] = [await record(channel, meet, { inFlight: 1 }), await record(channel, meet, { inFlight: 1 })];
    await channel.publish(many(50));
    await settled(channel);
    assert.ok(one.deliveries.length > 0 && two.deliveries.length > 0);
    assert.equal(new Set([...one.keys(), ...two.keys()]).size, 50);
    assert.equal(one.deliveries.length + two.deliveries.length, 50);
  }),
  {
    title: 'what is published, delayed, dead or in work survives closing',
    async run(open) {
      const place = newPlace();
      const before = await open(place);
      const consumer = await record(
        before,
        ({ key }) => (key === 'dies' ? Promise.reject(new Error('no')) : new Promise(() => undefined)),
        { maxDeliveries: 1 },
      );
      await before.publish([message('dies'), message('in work')]);
      await consumer.given(2);
      await before.publish([message('later', 'backfill')], { delayMs: 3_600_000 });
      await consumer.consumer.stop(0);
      await before.publish([message('waits')]);
      await before.close();
      const after = await open(place);
      try {
        await assertStats(after, { interactive: { waiting: 2, dead: 1 }, backfill: { delayed: 1 } });
        const again = await record(after);
        await again.given(2);
        assert.deepEqual(again.keys().sort(), ['in work', 'waits']);
      } finally {
        await after.close();
      }
    },
  },
];
