import { channelConformance } from '../../../test/conformance/channel.ts';
import { ownName, withServers } from '../../../test/fixtures/servers.ts';
import { openJetStream } from './open.ts';
import { removeStreams } from './fixture.ts';

withServers(['jetstream'], ({ VITRAIL_NATS_URL: url }) => {
  const own = ownName();
  afterAll(() => removeStreams(url, own));

  channelConformance('jetstream', (place) => openJetStream({ url, name: `${own}-${place}` }));
});
