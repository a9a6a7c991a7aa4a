import { ownChannels } from '../../../test/fixtures/own-channels.ts';
import { withServers } from '../../../test/fixtures/servers.ts';
import { Claims } from './claims.ts';
import { defaultLimits, layoutOf } from './layout.ts';
import { Link, LostData } from './link.ts';
import { tokenOf, type Queued, type Working } from './record.ts';
import { Shelf } from './shelf.ts';

withServers(['jetstream'], ({ VITRAIL_NATS_URL: url }) => {
  const own = ownChannels(() => url);

  it('a claim that was being made while the streams were made anew is taken back at once', async () => {
    const name = `${own.prefix}-claims`;
    const link = await Link.open(url, 'test', layoutOf(name, 1, defaultLimits));
    try {
      class Remade extends Shelf<Working> {
        override async create(token: string, record: Working): Promise<number | null> {
          const seq = await super.create(token, record);
          link.epoch += 1;
          return seq;
        }
      }
      const wait = new Shelf<Queued>(link, name, 'interactive', 'wait');
      const work = new Remade(link, name, 'interactive', 'work');
      const claims = new Claims(link, name, 'interactive', 'node', { wait, work });
      const message: Queued = { id: 'id', key: 'a', body: {}, deliveries: 0, failures: 0 };
      const seq = await wait.create(tokenOf('a'), message);
      await expect(claims.claim(message, seq ?? 0, 30_000)).rejects.toThrow(LostData);
      expect(await claims.isBusy(tokenOf('a'))).toBe(false);
    } finally {
      await link.close();
    }
  });
});
