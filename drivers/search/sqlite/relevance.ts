import type { Matched } from './meaning.ts';
import type { Words } from './words.ts';

/** From so many rows on, a word that stands in more than a tenth of all tells too little to be worth counting. */
const manyRows = 5000;

/** A hit in a column counts so much more than one anywhere; with the 1 of that: title 3, tags 2. */
const bonus = { title: 2, tags: 1 } as const;
const beginning = 0.5;
const guess = 0.5;
/** Words of a document that halve its score: a hit among few words says more. */
const halving = 200;

const flag = { whole: 1, title: 2, tags: 4 } as const;

/** How much each word tells: rare ones more (BM25's inverse document frequency), very common ones nothing. To two places. */
export function weights(matched: readonly Matched[], count: number): number[] {
  return matched.map(({ rows: { length } }) =>
    length > manyRows && length > count / 10
      ? 0
      : Math.round(100 * Math.log(1 + Math.max(0, count - length + 0.5) / (length + 0.5))) / 100,
  );
}

/**
 * The relevance of these rows, at their index in an array of `end` places. For each word: its weight, times 3 for a hit in the
 * title, 2 in the tags (4 in both), 1 elsewhere, half for a mere beginning and half for a guess; the sum over 1 + words / 200.
 *
 * Not BM25: that moves every score whenever a document comes or goes, and a cursor would skip some. Given the weights, which
 * the cursor carries, this score is the document's own. It also costs a fifth of it.
 */
export function relevance(
  rows: Uint32Array,
  matched: readonly Matched[],
  weight: readonly number[],
  { words, lengthOf, end }: { words: Words; lengthOf: (row: number) => number; end: number },
): Float64Array {
  const scores = new Float64Array(end);
  matched.forEach((meaning, i) => {
    const worth = weight[i] ?? 0;
    if (worth === 0) return;
    const flags = flagged(meaning, words, end);
    for (const row of rows) {
      const found = flags[row] ?? 0;
      const where = 1 + (found & flag.title ? bonus.title : 0) + (found & flag.tags ? bonus.tags : 0);
      scores[row] = (scores[row] ?? 0) + worth * where * (found & flag.whole ? 1 : beginning) * (meaning.guessed ? guess : 1);
    }
  });
  for (const row of rows) scores[row] = (scores[row] ?? 0) / (1 + lengthOf(row) / halving);
  return scores;
}

function flagged({ any }: Matched, words: Words, end: number): Uint8Array {
  const flags = new Uint8Array(end);
  const raise = (rows: Uint32Array, bit: number): void => {
    for (const row of rows) flags[row] = (flags[row] ?? 0) | bit;
  };
  for (const phrase of any) {
    raise(words.rows({ ...phrase, begins: false }), flag.whole);
    raise(words.rows(phrase, 'title'), flag.title);
    raise(words.rows(phrase, 'tags'), flag.tags);
  }
  return flags;
}
