// @ts-check
import { signal } from '@preact/signals';
import { read } from '../server.js';

/**
 * How many items are kept where a search of everything finds fewer, because their index is being made (after a restore, say); 0 where it
 * finds all, undefined until that is known.
 */
export const kept = signal(/** @type {number | undefined} */ (undefined));

/** Between two looks at an index that is being made, in ms: the longer, the longer nothing comes. */
const shortest = 2000;
const longest = 30_000;
let rest = shortest;
let seen = -1;

/** How many there are; where no answer comes, as many as there were. @returns {Promise<number>} */
const countKept = () =>
  read('/api/work').then(
    ({ assets }) => assets,
    () => kept.peek() ?? 0,
  );

/**
 * Heeds that a search of everything finds so many. Answers when to look again, in ms; undefined where all that is kept is found.
 * @param {number} total
 * @returns {Promise<number | undefined>}
 */
export async function heed(total) {
  const before = kept.peek();
  // Once for each page, which may have been opened while the index is half made; and as long as it is behind, or may be.
  const all = before === undefined || total === 0 || total < before ? await countKept() : 0;
  rest = total > seen ? shortest : Math.min(2 * rest, longest);
  seen = total;
  kept.value = total < all ? all : 0;
  return total < all ? rest : undefined;
}
