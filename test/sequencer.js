import Sequencer from '@jest/test-sequencer';

/** Tests of real nodes, servers, browsers and processes, the longest first; all others are short. */
const long = ['test/mesh', 'test/browser', 'test/conformance', 'drivers', 'test/integration'];

function rankOf(path) {
  const rank = long.findIndex((folder) => path.includes(`/${folder}/`));
  return rank === -1 ? long.length : rank;
}

/**
 * In a clean checkout Jest does not know how long its files take, and begins with those that have most bytes: the longest would come
 * last, and all but one worker would wait for it.
 */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.some(({ duration }) => duration !== undefined)
      ? sorted
      : sorted.toSorted((one, other) => rankOf(one.path) - rankOf(other.path));
  }
}
