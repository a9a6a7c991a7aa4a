import { withOwnServers } from '../../../test/fixtures/own-servers.ts';
import type { Collection } from '../port.ts';
import type { Adapter, AdapterStore } from '../moleculer.ts';
import { openMongoRecords } from './open.ts';

interface Thing {
  id: string;
  rev?: number;
}
const things: Collection = { name: 'things', hot: { rev: 'number' }, indexes: [['rev']] };
const away = { code: 'records.unavailable' };

withOwnServers(['mongo'], (own) => {
  const open = (): Promise<AdapterStore> => openMongoRecords({ url: own().env.VITRAIL_MONGO_URL, timeoutMs: 3_000 });
  let store: AdapterStore;
  let records: Adapter<Thing>;
  beforeEach(async () => {
    store = await open();
    records = store.collection<Thing>(things);
    await records.clear();
    await records.insert({ id: 'a', rev: 1 });
  });
  afterEach(async () => {
    await own().tell('thaw', 'mongo');
    await own().tell('start', 'mongo');
    await store.close();
  });

  /** Every kind of operation; those that change something may be repeated. */
  const everything = (): Promise<unknown>[] => [
    records.findById('a'),
    records.find({ query: { rev: 1 } }),
    records.findByIds(['a']),
    records.count(),
    records.insert({ id: 'b' }),
    records.insertMany([{ id: 'c' }, { id: 'd' }]),
    records.updateById('a', { $set: { seen: true } }),
    records.updateMany({ id: 'a', rev: 1 }, { $set: { seen: true } }),
    records.updateMany({ rev: { $lt: 0 } }, { $set: { seen: true } }),
    records.removeById('nobody'),
    records.removeMany({ rev: { $lt: 0 } }),
    store.ping(),
  ];
  const rejected = async (): Promise<void> => {
    for (const outcome of await Promise.allSettled(everything()))
      expect(outcome).toMatchObject({ status: 'rejected', reason: away });
  };
  /** A process that is told to stop or stand still may answer a little longer. */
  async function gone(): Promise<void> {
    const answers = await store.ping().then(
      () => true,
      () => false,
    );
    if (answers) await gone();
  }

  it.each([
    ['stopped', 'stop', 'start'],
    ['frozen', 'freeze', 'thaw'],
  ] as const)(
    'says of every operation, and of opening, that a %s server is away, and goes on when it is back',
    async (_, harm, mend) => {
      const doomed = await open();
      await own().tell(harm, 'mongo');
      await gone();
      const asked = doomed.collection<Thing>(things).findById('a');
      const opening = open();
      const [ending] = await Promise.allSettled([asked, doomed.close(), expect(opening).rejects.toMatchObject(away), rejected()]);
      expect(ending).toMatchObject({ status: 'rejected', reason: away });
      await own().tell(mend, 'mongo');
      expect(await records.findById('a')).toMatchObject({ id: 'a', rev: 1 });
      await records.insert({ id: 'after' });
      expect(await records.updateMany({ id: 'a', rev: 1 }, { $inc: { rev: 1 } })).toBe(1);
      await store.ping();
    },
  );

  it('makes its indexes once the server is back, where that was away when the collection was asked for', async () => {
    const early = await open();
    await own().tell('stop', 'mongo');
    await gone();
    const later = early.collection<Thing & { sha: string }>({ name: 'later', hot: { sha: 'text' }, unique: ['sha'] });
    await expect(later.count()).rejects.toMatchObject(away);
    await own().tell('start', 'mongo');
    await later.insert({ id: 'a', sha: 'same' });
    await expect(later.insert({ id: 'b', sha: 'same' })).rejects.toMatchObject({ code: 'records.duplicate' });
    await later.clear();
    await early.close();
  });
});
