import assert from 'node:assert/strict';
import { assertStats, eventually, gate, many, message, record, settled, withChannel, type ChannelCase } from './case.ts';

/** Leases, stopping and closing. */
export const stopping: ChannelCase[] = [
  withChannel('a delivery that takes longer than its lease is not given to another', async (channel) => {
    const door = gate();
    const handler = ({ key }: { key: string }): Promise<'done'> | 'done' =>
      key === 'long' ? door.opened.then(() => 'done') : 'done';
    const consumers = [await record(channel, handler, { leaseMs: 60 }), await record(channel, handler, { leaseMs: 60 })];
    await channel.publish([message('long')]);
    const given = (key: string): number => consumers.flatMap((consumer) => consumer.keys()).filter((k) => k === key).length;
    await channel.publish([message('clock', 'backfill')], { delayMs: 400 });
    await eventually(() => given('clock') === 1, 'several leases have gone by');
    assert.deepEqual([given('long'), given('clock')], [1, 1]);
    const long = consumers.flatMap(({ deliveries }) => deliveries).find(({ key }) => key === 'long');
    assert.equal(long?.signal.aborted, false);
    door.open();
    await settled(channel);
    assert.equal(given('long'), 1);
  }),
  withChannel('stop waits for what is in work, and takes nothing new: others do', async (channel) => {
    const door = gate();
    const consumer = await record(channel, () => door.opened.then(() => 'done'), { inFlight: 2 });
    await channel.publish(many(5));
    await consumer.given(2);
    let stopped = false;
    const stopping = consumer.consumer.stop(60_000).then(() => (stopped = true));
    const other = await record(channel);
    await channel.publish([message('clock')], { delayMs: 200 });
    await other.given(4);
    assert.equal(stopped, false);
    assert.ok(consumer.deliveries.every(({ signal }) => !signal.aborted));
    assert.deepEqual(other.keys().sort(), ['clock', 'k2', 'k3', 'k4']);
    door.open();
    await stopping;
    await settled(channel);
    assert.deepEqual([consumer.deliveries.length, other.deliveries.length], [2, 4]);
    await consumer.consumer.stop();
  }),
  withChannel('stop lets go of what is still in work after its grace: the signal tells, and another gets it', async (channel) => {
    const consumer = await record(
      channel,
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('let go')))),
    );
    await channel.publish([message('a'), message('b')]);
    await consumer.given(2);
    await consumer.consumer.stop(20);
    assert.ok(consumer.deliveries.every(({ signal }) => signal.aborted));
    await assertStats(channel, { interactive: { waiting: 2 } });
    const other = await record(channel);
    await other.given(2);
    await settled(channel);
    assert.deepEqual(other.deliveries.map(({ key, deliveries }) => `${key} ${deliveries}`).sort(), ['a 2', 'b 2']);
    assert.equal((await channel.deadLetters()).length, 0);
  }),
  withChannel('a handler that comes late, after it was let go, settles nothing', async (channel) => {
    const door = gate();
    const late = await record(channel, () => door.opened.then(() => 'done'));
    await channel.publish([message('a')]);
    await late.given(1);
    await late.consumer.stop(0);
    const second = gate();
    const other = await record(channel, () => second.opened.then(() => 'done'));
    await other.given(1);
    door.open();
    await channel.publish([message('b')]);
    await other.given(2);
    await assertStats(channel, { interactive: { inFlight: 2 } });
    second.open();
    await settled(channel);
  }),
  withChannel('closing aborts what is in work, ends all methods, and can be done twice', async (channel) => {
    const consumer = await record(channel, () => new Promise(() => undefined));
    await channel.publish([message('a')]);
    await consumer.given(1);
    await channel.close();
    assert.equal(consumer.deliveries[0]?.signal.aborted, true);
    await assert.rejects(() => channel.publish([message('b')]));
    await assert.rejects(() => channel.stats());
    await consumer.consumer.stop();
    await channel.close();
  }),
];
