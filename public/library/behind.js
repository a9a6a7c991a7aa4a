// @ts-check
import { signal } from '@preact/signals';
import { read } from '../server.js';

/** How many items are kept although a search of everything finds none: their index is made from the records, after a restore say. */
export const kept = signal(0);

/** Between two looks at an index that is being made, in ms. */
const restMs = 2000;
/** So many looks that find no more than the one before are the last. */
const vain = 5;

/** Learns whether there is nothing, or nothing that can be found yet. */
export async function countKept() {
  kept.value = await read('/api/work').then(
    ({ assets }) => assets,
    () => 0,
  );
}

let following = false;

/**
 * Looks again until all that is kept is found.
 * @param {() => Promise<number | undefined>} look answers how many there are; undefined where something else is looked at by now
 */
export async function followIndex(look) {
  if (following) return;
  following = true;
  const all = kept.peek();
  for (let seen = 0, still = 0; seen < all && still < vain;) {
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const now = await look();
    if (now === undefined) break;
    still = now > seen ? 0 : still + 1;
    seen = now;
  }
  following = false;
}
