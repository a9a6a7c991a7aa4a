import { beginning, bonus, guess, halving, weightOf } from '../words/weights.ts';
import type { Matched } from './matched.ts';
import type { Words } from './words.ts';

const flag = { whole: 1, title: 2, tags: 4 } as const;

export const weights = (matched: readonly Matched[], count: number): number[] =>
  matched.map(({ rows: { length } }) => weightOf(length, count));

/** The relevance of these rows (words/weights.ts), at their index in an array of `end` places. */
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
