import { MongoClient } from 'mongodb';
import { recordsConformance } from '../../../test/conformance/records.ts';
import { ownName, withServers } from '../../../test/fixtures/servers.ts';
import { openMongoRecords } from './open.ts';

withServers(['mongo'], ({ VITRAIL_MONGO_URL }) => {
  const databases: string[] = [];
  afterAll(async () => {
    const client = new MongoClient(VITRAIL_MONGO_URL);
    for (const name of databases) await client.db(name).dropDatabase();
    await client.close();
  });

  recordsConformance('mongo', () => {
    const name = ownName();
    databases.push(name);
    return openMongoRecords({ url: VITRAIL_MONGO_URL.replace(/[^/]*$/, name) });
  });
});
