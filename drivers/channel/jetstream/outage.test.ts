import { jest } from '@jest/globals';
import { outage, type OutageCase } from '../../../test/conformance/channel/outage.ts';
import { assertStats, eventually, gate, message, record, settled } from '../../../test/conformance/channel/case.ts';
import { ownChannels } from '../../../test/fixtures/own-channels.ts';
import { withOwnServers } from '../../../test/fixtures/own-servers.ts';
import { openJetStream } from './open.ts';

// Those beside each other share the disk and the processors.
jest.setTimeout(240_000);

const harms = [
  { harmed: 'stopped', away: 'stop', back: 'start' },
  { harmed: 'killed', away: 'kill', back: 'start' },
  { harmed: 'frozen', away: 'freeze', back: 'thaw' },
] as const;

const cannotBeOpened: OutageCase = {
  title: 'cannot be opened while its server is away, and says why',
  async run(open, server) {
    await server.away();
    await expect(open('away'))
      .rejects.toMatchObject({ code: 'channel.unavailable' })
      .finally(() => server.back());
  },
};

withOwnServers(['nats'], (servers, another) => {
  const own = ownChannels(() => servers().env.VITRAIL_NATS_URL, { serverToo: true });

  // Beside each other, each with a server of its own: they do little but wait.
  it.concurrent.each(harms.flatMap((harm) => [...outage, cannotBeOpened].map((one) => ({ ...harm, ...one }))))(
    'a channel on JetStream whose server is $harmed: $title',
    async ({ away, back, run }) => {
      const { env, tell } = await another();
      const server = { away: () => tell(away, 'nats'), back: () => tell(back, 'nats') };
      await run((place) => openJetStream({ url: env.VITRAIL_NATS_URL, name: place }), server);
    },
  );

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
