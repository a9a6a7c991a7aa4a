import { setImmediate as othersFirst } from 'node:timers/promises';

/** What is done of a long list before others have their turn: a few milliseconds of work. */
const slice = 500;

/** Does something with each of many, and lets requests that have come meanwhile go first again and again. */
export async function eachInSlices<T>(all: Iterable<T>, take: (one: T) => void): Promise<void> {
  let left = slice;
  for (const one of all) {
    if (left === 0) {
      await othersFirst();
      left = slice;
    }
    left -= 1;
    take(one);
  }
}
