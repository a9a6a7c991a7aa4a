import { conformsUnderMoleculer } from '../../../test/conformance/records-under-moleculer.ts';
import { ownDatabases } from '../../../test/fixtures/own-databases.ts';
import { withServers } from '../../../test/fixtures/servers.ts';
import { openMongoRecords } from './open.ts';

withServers(['mongo'], ({ VITRAIL_MONGO_URL }) => {
  const ownDatabase = ownDatabases(VITRAIL_MONGO_URL);
  conformsUnderMoleculer(() => openMongoRecords({ url: ownDatabase() }));
});
