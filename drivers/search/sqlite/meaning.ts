import type { QueryWord } from '../words/text.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Phrase, Words } from './words.ts';
import { union } from './sets.ts';

/** Mistyped words of one query that are guessed at; so many also fit into a cursor. */
const mostGuesses = 4;

/** What a word of a query stands for: one phrase as typed, or, where that is nowhere, several guesses. */
export interface Meaning {
  any: readonly Phrase[];
  guessed: boolean;
}

/** A meaning with the rows that hold it, ascending. */
export interface Matched extends Meaning {
  rows: Uint32Array;
}

/** A word counts as a beginning from two letters on; one alone would match nearly everything. */
const typed = (tokens: readonly string[]): Phrase => ({ tokens, begins: (tokens.at(-1) ?? '').length > 1 });
const asTyped = (tokens: readonly string[]): Meaning => ({ any: [typed(tokens)], guessed: false });

export const match = (words: Words, meaning: Meaning): Matched => ({
  ...meaning,
  rows: union(meaning.any.map((phrase) => words.rows(phrase))),
});

export interface Understood {
  matched: Matched[];
  /** Something was taken for something else than typed. */
  changed: boolean;
}

/**
 * What the words of a query mean to this index: each as typed, whole or as a beginning; one that is nowhere and is written
 * together (`img2041`) by its parts; else what it may have been mistyped for. Null when the vocabulary is needed and has not been read.
 */
export function understand(query: readonly QueryWord[], words: Words, vocabulary: Vocabulary): Understood | null {
  const matched: Matched[] = [];
  let guesses = 0;
  let changed = false;
  for (const { tokens, parts } of query) {
    const plain = match(words, asTyped(tokens));
    const apart = plain.rows.length === 0 ? parts.map((part) => match(words, asTyped([part]))) : [];
    const [word = ''] = tokens;
    if (plain.rows.length > 0) {
      matched.push(plain);
    } else if (apart.length > 0 && apart.every(({ rows }) => rows.length > 0)) {
      matched.push(...apart);
      changed = true;
    } else if (tokens.length === 1 && guesses < mostGuesses) {
      if (!vocabulary.isReady) return null;
      const near = vocabulary.near(word).map((token) => ({ tokens: [token], begins: false }));
      matched.push(match(words, { any: near, guessed: true }));
      guesses++;
      changed = true;
    } else {
      matched.push(plain);
    }
  }
  return { matched, changed };
}

/** Meanings as strings for a cursor: `sun`, `日 本` as typed, `~barn|bark` guessed. Tokens hold neither blanks nor marks. */
export const write = (meanings: readonly Meaning[]): string[] =>
  meanings.map(({ any, guessed }) => (guessed ? '~' : '') + any.map(({ tokens }) => tokens.join(' ')).join('|'));

export function read(written: readonly string[]): Meaning[] {
  return written.map((meaning) => {
    if (!meaning.startsWith('~')) return asTyped(meaning.split(' '));
    const any = meaning
      .slice(1)
      .split('|')
      .map((token) => ({ tokens: [token], begins: false }));
    return { any, guessed: true };
  });
}

/** What a query means when every word is taken as typed. */
export const literal = (query: readonly QueryWord[]): Meaning[] => query.map(({ tokens }) => asTyped(tokens));
