import { ServiceBroker } from 'moleculer';
import type { SearchIndex } from '../../drivers/search/port.ts';
import { implement } from '../../mixins/implement.ts';
import { media } from '../contracts/media.ts';
import { tags } from '../contracts/tags.ts';
import { indexFeeder } from './feeder.ts';

it('reads the records once for all who wait for the same', async () => {
  let read = 0;
  const broker = new ServiceBroker({ logger: false, validator: false });
  broker.createService({ name: 'tags', actions: implement<Pick<typeof tags, 'rows'>>({ rows: tags.rows }, { rows: () => [] }) });
  broker.createService({
    name: 'media',
    actions: implement<Pick<typeof media, 'changes'>>(
      { changes: media.changes },
      {
        changes(ctx) {
          read += 1;
          return { assets: [], deleted: [], mark: ctx.params.since, more: false };
        },
      },
    ),
  });
  await broker.start();
  const index = { mark: () => Promise.resolve(null) } as Partial<SearchIndex> as SearchIndex;
  const feeder = indexFeeder(broker, index, () => []);
  await Promise.all(Array.from({ length: 20 }, () => feeder.feed()));
  expect(read).toBe(1);
  await broker.stop();
});
