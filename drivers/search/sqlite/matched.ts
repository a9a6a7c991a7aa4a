import { type Meaning, understand as understandBy, type Understood } from '../words/meaning.ts';
import type { QueryWord } from '../words/text.ts';
import { union } from './sets.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Words } from './words.ts';

/** A meaning with the rows that hold it, ascending. */
export interface Matched extends Meaning {
  rows: Uint32Array;
}

export const match = (words: Words, meaning: Meaning): Matched => ({
  ...meaning,
  rows: union(meaning.any.map((phrase) => words.rows(phrase))),
});

/** What the words of a query mean to this index. Null when the vocabulary is needed and has not been read. */
export const understand = (query: readonly QueryWord[], words: Words, vocabulary: Vocabulary): Understood<Matched> | null =>
  understandBy(query, {
    match: (meaning) => match(words, meaning),
    isKnown: ({ rows }) => rows.length > 0,
    near: (word) => (vocabulary.isReady ? vocabulary.near(word) : null),
  });
