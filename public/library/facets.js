// @ts-check
import { effect, signal } from '@preact/signals';
import { query } from '../address.js';
import { read } from '../server.js';
import { found } from './found.js';

/** @typedef {import('../types.d.ts').SearchPage['facets']} Facets */

/** How many there are of each value, in what is searched for. */
export const facets = signal(/** @type {Facets} */ ({}));

/** @type {AbortController | undefined} */
let asking;

/** Counts while somebody looks: for the search in the address, and again when its answer has become another. */
export function followFacets() {
  return effect(() => {
    const parameters = new URLSearchParams(query.value);
    void found.value.total.value;
    parameters.set('limit', '1');
    asking?.abort();
    const mine = (asking = new AbortController());
    read(`/api/search?${parameters}`, { signal: mine.signal }).then(
      (page) => (facets.value = page.facets),
      // Counts are missing then; what is wrong with the search is said where its pictures would be.
      () => undefined,
    );
  });
}
