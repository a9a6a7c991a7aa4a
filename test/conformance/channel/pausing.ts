import assert from 'node:assert/strict';
import type { Lane } from '../../../drivers/channel/port.ts';
import { assertStats, gate, inWork, many, message, record, settled, withChannel, type ChannelCase } from './case.ts';

/** A consumer takes from the lanes that it names at that moment, and from no other. */
export const pausing: ChannelCase[] = [
  withChannel(
    'takes nothing from a lane that is closed, while the other goes on, and goes on with it when it is open',
    async (channel) => {
      let open: readonly Lane[] = ['interactive'];
      await channel.publish([...many(3, 'backfill', 'b'), ...many(3, 'interactive', 'i')]);
      const consumer = await record(channel, () => 'done', { lanes: () => open });
      await consumer.given(3);
      await channel.publish([message('late', 'backfill'), message('soon')]);
      await consumer.given(4);
      // Several are in work at once: which of them begins first is open.
      assert.deepEqual(consumer.keys().toSorted(), ['i0', 'i1', 'i2', 'soon']);
      await inWork(channel, 0);
      await assertStats(channel, { backfill: { waiting: 4 } });
      open = ['interactive', 'backfill'];
      consumer.consumer.wake();
      await consumer.given(8);
      await settled(channel);
    },
  ),
  withChannel('closes a lane that an idle consumer waits in, and lets what is in work there end', async (channel) => {
    let open: readonly Lane[] = ['interactive', 'backfill'];
    const door = gate();
    const consumer = await record(channel, ({ lane }) => (lane === 'backfill' ? door.opened.then(() => 'done') : 'done'), {
      lanes: () => open,
    });
    await channel.publish([message('b', 'backfill')]);
    await consumer.given(1);
    open = ['interactive'];
    consumer.consumer.wake();
    await channel.publish([message('closed', 'backfill')]);
    await channel.publish([message('i')]);
    await consumer.given(2);
    assert.deepEqual(consumer.keys(), ['b', 'i']);
    door.open();
    // Places are free again now, and nothing else may come.
    await channel.publish([message('j')]);
    await consumer.given(3);
    assert.deepEqual(consumer.keys(), ['b', 'i', 'j']);
    open = ['backfill', 'interactive'];
    consumer.consumer.wake();
    await consumer.given(4);
    await settled(channel);
  }),
  withChannel('with all lanes closed it sleeps, and wakes', async (channel) => {
    let open: readonly Lane[] = [];
    const consumer = await record(channel, () => 'done', { lanes: () => open });
    await channel.publish([message('a'), message('b', 'backfill')]);
    await assertStats(channel, { interactive: { waiting: 1 }, backfill: { waiting: 1 } });
    open = ['interactive', 'backfill'];
    consumer.consumer.wake();
    await consumer.given(2);
    await settled(channel);
  }),
];
