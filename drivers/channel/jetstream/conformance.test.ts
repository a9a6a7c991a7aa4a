import { channelConformance } from '../../../test/conformance/channel.ts';
import { ownChannels } from '../../../test/fixtures/own-channels.ts';
import { withServers } from '../../../test/fixtures/servers.ts';

withServers(['jetstream'], ({ VITRAIL_NATS_URL: url }) => {
  channelConformance('jetstream', ownChannels(() => url).open);
});
