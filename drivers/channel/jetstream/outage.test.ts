import { outage } from '../../../test/conformance/channel/outage.ts';
import { assertStats, eventually, gate, message, record, settled } from '../../../test/conformance/channel/case.ts';
import { ownChannels } from '../../../test/fixtures/own-channels.ts';
import { withOwnServers } from '../../../test/fixtures/own-servers.ts';

withOwnServers(['nats'], (servers) => {
  const own = ownChannels(() => servers().env.VITRAIL_NATS_URL, { serverToo: true });

  describe.each([
    ['stopped', 'stop', 'start'],
    ['killed', 'kill', 'start'],
    ['frozen', 'freeze', 'thaw'],
  ] as const)('a channel on JetStream whose server is %s', (_, away, back) => {
    const server = { away: () => servers().tell(away, 'nats'), back: () => servers().tell(back, 'nats') };

    it.each(outage)('$title', ({ run }) => run(own.open, server));

    it('cannot be opened, and says why', async () => {
      await server.away();
      await expect(own.open('away')).rejects.toMatchObject({ code: 'channel.unavailable' }).finally(server.back);
    });
  });

  describe('a channel on JetStream whose streams are lost', () => {
    it('makes them again when the server comes back without them, and lets go of what it had in work', async () => {
      const [first, second] = [await own.open('empty'), await own.open('empty')];
      const door = gate();
      const consumer = await record(first, ({ body }) => (body === 'old' ? door.opened.then(() => 'done') : 'done'), {
        leaseMs: 2000,
      });
      await first.publish([message('a', 'interactive', 'old')]);
      await consumer.given(1);
      await servers().tell('reset', 'nats');
      await servers().tell('start', 'nats');
      await second.publish([message('b', 'interactive', 'new')]);
      await eventually(() => consumer.keys().includes('b'), 'the consumer goes on');
      await eventually(() => consumer.deliveries[0]?.signal.aborted === true, 'the signal tells of what was lost');
      door.open();
      await settled(second);
      await assertStats(second, {});
    });

    it('goes on when they are deleted under it', async () => {
      const channel = await own.open('deleted');
      const consumer = await record(channel);
      await channel.publish([message('a')]);
      await consumer.given(1);
      await settled(channel);
      await own.look(async (jsm) => {
        for await (const name of jsm.streams.names()) if (name.includes('-deleted-')) await jsm.streams.delete(name);
      });
      await channel.publish([message('b')]);
      await eventually(() => consumer.keys().includes('b'), 'the consumer goes on');
    });
  });
});
