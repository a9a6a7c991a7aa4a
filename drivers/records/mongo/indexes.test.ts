import { MongoClient } from 'mongodb';
import { ownDatabases } from '../../../test/fixtures/own-databases.ts';
import { withServers } from '../../../test/fixtures/servers.ts';
import type { Collection } from '../port.ts';
import type { AdapterStore } from '../moleculer.ts';
import { openMongoRecords } from './open.ts';

const things: Collection = {
  name: 'things',
  hot: { status: 'text', rank: 'number', sha256: 'text', 'size.width': 'number' },
  indexes: [['status', 'rank'], ['rank', 'id'], ['size.width']],
  unique: ['sha256'],
};

withServers(['mongo'], ({ VITRAIL_MONGO_URL }) => {
  const ownDatabase = ownDatabases(VITRAIL_MONGO_URL);
  let client: MongoClient;
  let url: string;
  let stores: AdapterStore[];
  beforeEach(() => {
    url = ownDatabase();
    client = new MongoClient(url);
    stores = [];
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await client.close();
  });
  const open = async (): Promise<AdapterStore> => {
    const store = await openMongoRecords({ url });
    stores.push(store);
    return store;
  };

  const present = async (): Promise<unknown[]> => {
    const indexes = await client.db().collection('things').indexes();
    return indexes
      .map(({ name, key, unique, sparse }) => ({ name, keys: Object.keys(key).join(), unique: Boolean(unique && sparse) }))
      .sort((a, b) => String(a.name).localeCompare(String(b.name), 'en'));
  };
  const declared = [
    { name: '_id_', keys: '_id', unique: false },
    { name: 'by rank, id', keys: 'rank,_id', unique: false },
    { name: 'by size.width', keys: 'size.width,_id', unique: false },
    { name: 'by status, rank', keys: 'status,rank,_id', unique: false },
    { name: 'unique sha256', keys: 'sha256', unique: true },
  ];

  describe('the indexes of a collection', () => {
    it('are as declared, the id last, once the first operation is done', async () => {
      const store = await open();
      await store.collection(things).count();
      expect(await present()).toEqual(declared);
    });

    it('are made once, however many nodes make them at the same time, and later ones are added', async () => {
      const nodes = await Promise.all([1, 2, 3, 4, 5, 6].map(open));
      await Promise.all(nodes.map((store) => store.collection(things).count()));
      expect(await present()).toEqual(declared);
      const next = await open();
      await next.collection({ ...things, indexes: [['status']] }).count();
      expect(await present()).toHaveLength(declared.length + 1);
    });

    it('refuse to be unique over records that are double', async () => {
      await client
        .db()
        .collection<{ _id: string; sha256: string }>('things')
        .insertMany([
          { _id: 'a', sha256: 'same' },
          { _id: 'b', sha256: 'same' },
        ]);
      const store = await open();
      await expect(store.collection(things).insert({ id: 'c' })).rejects.toMatchObject({ code: 'records.duplicate' });
    });
  });
});
