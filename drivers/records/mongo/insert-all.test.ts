import { MongoClient } from 'mongodb';
import { ownDatabases } from '../../../test/fixtures/own-databases.ts';
import { withServers } from '../../../test/fixtures/servers.ts';
import { MongoAdapter, type Stored } from './adapter.ts';
import { insertAll } from './insert-all.ts';

withServers(['mongo'], ({ VITRAIL_MONGO_URL }) => {
  const ownDatabase = ownDatabases(VITRAIL_MONGO_URL);
  let client: MongoClient;
  let adapter: MongoAdapter;
  beforeEach(() => {
    client = new MongoClient(ownDatabase());
    adapter = new MongoAdapter(client.db().collection<Stored>('things'), 10_000);
  });
  afterEach(() => client.close());

  describe('inserting all or none', () => {
    it('removes what it has inserted and nothing else, whatever the failure', async () => {
      await adapter.insert({ _id: 'b', of: 'another' });
      await expect(insertAll(adapter, [{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }])).rejects.toMatchObject({ code: 11000 });
      expect(await adapter.findByIds(['a', 'b', 'c'])).toEqual([{ _id: 'b', of: 'another' }]);

      // The answer is lost on its way, after all have been inserted.
      const { insertMany } = adapter;
      adapter.insertMany = async (entities) => {
        await insertMany.call(adapter, entities);
        throw new Error('connection reset');
      };
      await expect(insertAll(adapter, [{ _id: 'a' }, { _id: 'c' }])).rejects.toThrow('connection reset');
      expect(await adapter.findByIds(['a', 'b', 'c'])).toEqual([{ _id: 'b', of: 'another' }]);
    });

    it('says what went wrong first, when nothing can be removed either', async () => {
      adapter.removeMany = () => Promise.reject(new Error('still away'));
      await adapter.insert({ _id: 'b' });
      await expect(insertAll(adapter, [{ _id: 'a' }, { _id: 'b' }])).rejects.toMatchObject({ code: 11000 });
    });
  });
});
