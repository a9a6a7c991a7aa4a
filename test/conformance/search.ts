import type { OpenSearch, SearchCase } from './search/case.ts';
import { colours } from './search/colours.ts';
import { facets } from './search/facets.ts';
import { filters } from './search/filters.ts';
import { groups } from './search/groups.ts';
import { keeping } from './search/keeping.ts';
import { likeness } from './search/likeness.ts';
import { paging } from './search/paging.ts';
import { words } from './search/words.ts';

/** What every search index promises, as data: test/conformance/search-broken.test.ts runs it against indexes that must fail. */
export const searchCases: SearchCase[] = [
  ...words,
  ...filters,
  ...facets,
  ...paging,
  ...colours,
  ...likeness,
  ...groups,
  ...keeping,
];

/** `open` gives an empty index for a place it has not seen, and the same index again for one it has. */
export function searchConformance(name: string, open: OpenSearch): void {
  describe(`search port: ${name}`, () => {
    for (const { title, run } of searchCases) it(title, () => run(open));
  });
}
