import type { QueryWord } from './text.ts';

/** Mistyped words of one query that are guessed at; so many also fit into a cursor. */
export const mostGuesses = 4;

/** `tokens` one after the other; `begins`: the last may be the beginning of a longer one. */
export interface Phrase {
  tokens: readonly string[];
  begins: boolean;
}

/** What a word of a query stands for: one phrase as typed, or, where that is nowhere, several guesses. */
export interface Meaning {
  any: readonly Phrase[];
  guessed: boolean;
}

/** A word counts as a beginning from two letters on; one alone would match nearly everything. */
const typed = (tokens: readonly string[]): Phrase => ({ tokens, begins: (tokens.at(-1) ?? '').length > 1 });
export const asTyped = (tokens: readonly string[]): Meaning => ({ any: [typed(tokens)], guessed: false });

/** What an index says of meanings; `M` is a meaning with what stands for it there. */
export interface Knowing<M extends Meaning> {
  match(meaning: Meaning): M;
  isKnown(matched: M): boolean;
  /** What a word may have been mistyped for; null where that has to be found out first. */
  near(word: string): readonly string[] | null;
}

export interface Understood<M extends Meaning> {
  matched: M[];
  /** Something was taken for something else than typed. */
  changed: boolean;
}

/**
 * What the words of a query mean to this index: each as typed, whole or as a beginning; one that is nowhere and is written
 * together (`img2041`) by its parts; else what it may have been mistyped for. Null when a guess is needed and not to be had yet.
 */
export function understand<M extends Meaning>(query: readonly QueryWord[], index: Knowing<M>): Understood<M> | null {
  const matched: M[] = [];
  let guesses = 0;
  let changed = false;
  for (const { tokens, parts } of query) {
    const plain = index.match(asTyped(tokens));
    const isKnown = index.isKnown(plain);
    const apart = isKnown ? [] : parts.map((part) => index.match(asTyped([part])));
    const [word = ''] = tokens;
    if (isKnown) {
      matched.push(plain);
    } else if (apart.length > 0 && apart.every((part) => index.isKnown(part))) {
      matched.push(...apart);
      changed = true;
    } else if (tokens.length === 1 && guesses < mostGuesses) {
      const near = index.near(word);
      if (!near) return null;
      matched.push(index.match({ any: near.map((token) => ({ tokens: [token], begins: false })), guessed: true }));
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
