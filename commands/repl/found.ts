import type { ServiceBroker } from 'moleculer';
import type { Asset } from '../../services/contracts/asset.ts';
import { call } from '../../services/contracts/contract.ts';
import { search } from '../../services/contracts/search.ts';

/** `tags=red&rating=4..`: as after the ? of GET /api/search. What is no such thing is taken for words. */
export const parametersOf = (filter: string): Record<string, string> =>
  filter.includes('=') ? Object.fromEntries(new URLSearchParams(filter)) : filter === '' ? {} : { q: filter };

/** All that a filter finds, a page at a time. */
export async function* found(broker: ServiceBroker, filter: string): AsyncGenerator<Asset[]> {
  const parameters = { ...parametersOf(filter), facets: 'none', limit: '200' };
  for (let cursor: string | undefined; ;) {
    const page = await call(broker, search.query, { ...parameters, ...(cursor !== undefined && { cursor }) });
    yield page.items;
    if (page.next === null) return;
    cursor = page.next;
  }
}
