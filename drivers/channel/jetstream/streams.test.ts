import { nanos } from 'nats';
import { assertStats, eventually, many, message, record, settled } from '../../../test/conformance/channel/case.ts';
import { ownChannels } from '../../../test/fixtures/own-channels.ts';
import { withServers } from '../../../test/fixtures/servers.ts';

withServers(['jetstream'], ({ VITRAIL_NATS_URL: url }) => {
  const own = ownChannels(() => url);
  const streams = (place: string): Promise<string[]> =>
    own.look(async (jsm) => {
      const names: string[] = [];
      for await (const name of jsm.streams.names()) if (name.startsWith(`${own.prefix}-${place}-`)) names.push(name);
      return names;
    });

  describe('the streams of a channel on JetStream', () => {
    it('are made once by many nodes that open at the same time', async () => {
      const nodes = await Promise.all(Array.from({ length: 8 }, () => own.open('race')));
      await Promise.all(nodes.map((node, n) => node.publish([message('same'), message(`own${n}`)])));
      await assertStats(nodes[0]!, { interactive: { waiting: 9 } });
      expect(await streams('race')).toHaveLength(8);
    });

    it('are left alone where they are as they should be, and updated where they are not, with what they hold', async () => {
      const stream = `${own.prefix}-config-wait-interactive`;
      const info = () =>
        own.look(async (jsm) => ({ ...(await jsm.streams.info(stream)), take: await jsm.consumers.info(stream, 'take') }));
      const first = await own.open('config', { limits: { waiting: 100, maxAgeMs: 3_600_000 } });
      await first.publish(many(3));
      await own.look((jsm) => jsm.consumers.update(stream, 'take', { ack_wait: nanos(1_000), max_ack_pending: 1 }));
      const second = await own.open('config', { limits: { waiting: 3, maxAgeMs: 7_200_000 } });
      const { config, take } = await info();
      expect([config.max_msgs, config.max_age]).toEqual([3, nanos(7_200_000)]);
      expect([take.config.ack_wait, take.config.max_ack_pending]).toEqual([nanos(6000), 20_000]);
      await expect(first.publish([message('one more')])).rejects.toMatchObject({ code: 'channel.full' });
      const consumer = await record(second);
      await consumer.given(3);
      await settled(second);
    });

    it('hold a burst of ten thousand keys once, however often it comes', async () => {
      const channel = await own.open('burst');
      const keys = many(10_000, 'backfill');
      for (let n = 0; n < 2; n++) await channel.publish(keys);
      await assertStats(channel, { backfill: { waiting: 10_000 } });
      const consumer = await record(channel, () => 'done', { inFlight: 50 });
      await consumer.given(500);
      await consumer.consumer.stop();
      expect(new Set(consumer.keys()).size).toBe(consumer.deliveries.length);
      await assertStats(channel, { backfill: { waiting: 10_000 - consumer.deliveries.length } });
    });

    it('keep one dead letter of a key, and as many as allowed in all; a revived one joins a message that waits', async () => {
      const channel = await own.open('dead', { limits: { dead: 3 } });
      const consumer = await record(
        channel,
        ({ body }) => {
          throw new Error(String(body));
        },
        { maxDeliveries: 1, inFlight: 1 },
      );
      const letters = async (): Promise<string[]> => (await channel.deadLetters()).map(({ key, reason }) => `${key} ${reason}`);
      await channel.publish([message('a', 'interactive', 'first')]);
      await eventually(async () => (await letters()).includes('a Error: first'), 'dead');
      await channel.publish([message('a', 'interactive', 'second')]);
      await eventually(async () => (await letters()).includes('a Error: second'), 'dead again');
      expect(await letters()).toEqual(['a Error: second']);
      await channel.publish(['b', 'c', 'd'].map((key) => message(key, 'interactive', 'later')));
      await eventually(
        async () => (await letters()).join() === 'd Error: later,c Error: later,b Error: later',
        'the oldest is gone',
      );
      await consumer.consumer.stop();
      await channel.publish([message('b')], { delayMs: 3_600_000 });
      expect(await channel.revive()).toBe(3);
      await assertStats(channel, { interactive: { waiting: 3 } });
    });

    it('have nothing that is handed out and never settled when all is done', async () => {
      const channel = await own.open('clean');
      const consumer = await record(channel, ({ deliveries, key }) =>
        key === 'k0' && deliveries < 3 ? { againInMs: 50 } : 'done',
      );
      await channel.publish([...many(50), ...many(50, 'backfill')]);
      await consumer.given(102);
      await settled(channel);
      await eventually(
        () =>
          own.look(async (jsm) => {
            const pending: number[] = [];
            for (const name of await streams('clean'))
              for await (const { num_ack_pending: unsettled } of jsm.consumers.list(name)) pending.push(unsettled);
            return pending.length === 6 && pending.every((unsettled) => unsettled === 0);
          }),
        'no consumer of a stream has anything unsettled',
      );
    });

    it('refuse what there cannot be', async () => {
      const channel = await own.open('refuses', { limits: { messageBytes: 1000 } });
      await expect(channel.publish([{ ...message('a'), lane: 'slow' as 'backfill' }])).rejects.toThrow(/no lane 'slow'/);
      await expect(channel.publish([message('a', 'backfill', 'x'.repeat(1000))])).rejects.toThrow(/too large: 1000/);
      await expect(channel.consume(async () => 'done', { inFlight: 0 })).rejects.toThrow(/inFlight/);
      await expect(own.open('a.b')).rejects.toThrow(/no name/);
      await assertStats(channel, {});
    });
  });
});
