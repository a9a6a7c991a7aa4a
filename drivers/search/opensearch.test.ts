import { ownName, withServers } from '../../test/fixtures/servers.ts';
import { searchConformance } from '../../test/conformance/search.ts';
import { openOpenSearch } from './opensearch/open.ts';

withServers(['opensearch'], ({ VITRAIL_OPENSEARCH_URL: url }) => {
  const prefix = ownName();
  afterEach(async () => {
    await fetch(`${url}/${prefix}*`, { method: 'DELETE' });
  });

  searchConformance('opensearch', (place) => openOpenSearch({ url, index: `${prefix}-${place}` }));
});
