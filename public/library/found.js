// @ts-check
import { signal } from '@preact/signals';
import { query } from '../address.js';
import { Results } from './results.js';

/** What the library shows: the answer to the search in the address. The one before stays until the new one is there. */
export const found = signal(Results.none());
/** Whether what is shown is not what the address says: an answer to it is awaited. */
export const searching = signal(true);
/** How many have come that are not shown, because that would move what is looked at. */
export const unseen = signal(0);

/** @type {Results | undefined} */
let coming;

/** Whether an answer is on its way. */
export const isComing = () => coming !== undefined;

/**
 * Searches anew, with what the address says now. Answers what that found: where it is not what is shown then, another search came after
 * it, or no answer came and what was found before stays.
 */
export async function search() {
  coming?.leave();
  const before = found.peek();
  const mine = (coming = new Results(query.peek()));
  const isSame = before.query === mine.query && before.total.peek() !== undefined;
  searching.value = !isSame;
  await mine.more();
  if (mine !== coming) return mine;
  coming = undefined;
  searching.value = false;
  if (isSame && mine.error.peek()) return mine;
  if (before.query !== mine.query) window.scrollTo({ top: 0 });
  before.leave();
  found.value = mine;
  unseen.value = 0;
  return mine;
}
