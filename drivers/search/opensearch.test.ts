import { ownName, withServers } from '../../test/fixtures/servers.ts';
import { searchConformance } from '../../test/conformance/search.ts';
import { openOpenSearch } from './opensearch/open.ts';

function conformsAt(name: string, url: string): void {
  const prefix = ownName();
  afterEach(async () => {
    await fetch(`${url}/${prefix}*`, { method: 'DELETE' });
  });

  searchConformance(name, (place) => openOpenSearch({ url, index: `${prefix}-${place}` }));
}

withServers(['opensearch'], ({ VITRAIL_OPENSEARCH_URL: url }) => {
  describe('without the k-NN plugin', () => {
    conformsAt('opensearch', url);
  });
});

withServers(['opensearch-knn'], ({ TEST_OPENSEARCH_KNN_URL: url }) => {
  describe('with the k-NN plugin', () => {
    conformsAt('opensearch', url);
  });
});
