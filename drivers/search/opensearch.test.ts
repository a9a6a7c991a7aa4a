import { ownName, withServers } from '../../test/fixtures/servers.ts';
import { searchCases } from '../../test/conformance/search.ts';
import { openOpenSearch } from './opensearch/open.ts';

/** The cases of test/conformance/search.ts beside each other, each with indexes of its own: much of it is waiting for the server. */
function conformsAt(url: string): void {
  it.concurrent.each(searchCases)('search port: opensearch $title', async ({ run }) => {
    const prefix = ownName();
    try {
      await run((place) => openOpenSearch({ url, index: `${prefix}-${place}` }));
    } finally {
      await fetch(`${url}/${prefix}*`, { method: 'DELETE' });
    }
  });
}

withServers(['opensearch'], ({ VITRAIL_OPENSEARCH_URL: url }) => {
  describe('without the k-NN plugin', () => conformsAt(url));
});

withServers(['opensearch-knn'], ({ TEST_OPENSEARCH_KNN_URL: url }) => {
  describe('with the k-NN plugin', () => conformsAt(url));
});
