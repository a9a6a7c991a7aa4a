import { setImmediate } from 'node:timers/promises';
import { distance } from 'fastest-levenshtein';
import type { Words } from './words.ts';

const chunk = 2000;
/** Candidates whose frequency is looked up, and those that are taken. */
const considered = 50;
const taken = 5;
/** Longer words are names of files or mistakes of another kind. */
const longest = 24;

/** How many mistakes a word of that many letters may have. */
const allowed = (length: number): number => (length < 4 || length > longest ? 0 : length < 8 ? 1 : 2);

/** Numbers are not mistyped words: 2041 is not meant by 2042. */
const isWordy = (token: string): boolean => !/\p{N}/u.test(token) && token.length > 2 && token.length <= longest + 2;

/** Words with two neighbouring letters swapped: one mistake of a hand (Damerau 1964), two by Levenshtein's measure. */
function swapped(word: string): string[] {
  return Array.from(
    { length: word.length - 1 },
    (_, i) => word.slice(0, i) + word.charAt(i + 1) + word.charAt(i) + word.slice(i + 2),
  );
}

/** All words of the index by their length, for finding what a mistyped one means. Read at the first need: few searches have one. */
export class Vocabulary {
  #words: Words;
  #byLength: Set<string>[] | null = null;
  #reading: Promise<void> | null = null;
  isReady = false;

  constructor(words: Words) {
    this.#words = words;
  }

  /** Words of a document just filed. */
  add(tokens: readonly string[]): void {
    if (!this.#byLength) return;
    for (const token of tokens) if (isWordy(token)) (this.#byLength[token.length] ??= new Set()).add(token);
  }

  /** Resolves when `near` can answer. Reads in chunks, so that other searches go on meanwhile. */
  ready(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #read(): Promise<void> {
    this.#byLength = [];
    for (let last = ''; ;) {
      const tokens = this.#words.tokensAfter(last, chunk);
      this.add(tokens);
      last = tokens.at(-1) ?? last;
      if (tokens.length < chunk) break;
      await setImmediate();
    }
    this.isReady = true;
  }

  /** The known words nearest to a mistyped one, the most frequent first: with 1 mistake from 4 letters, with 2 from 8. At most five. */
  near(word: string): string[] {
    const most = isWordy(word) ? allowed(word.length) : 0;
    if (most === 0) return [];
    let best = most;
    let found: string[] = [];
    const consider = (token: string, mistakes: number): void => {
      if (mistakes > best) return;
      if (mistakes < best) found = [];
      best = mistakes;
      found.push(token);
    };
    for (const token of swapped(word)) if (this.#byLength?.[token.length]?.has(token)) consider(token, 1);
    for (let length = word.length - most; length <= word.length + most; length++) {
      for (const token of this.#byLength?.[length] ?? []) consider(token, distance(word, token));
    }
    return [...new Set(found)]
      .slice(0, considered)
      .map((token) => ({ token, frequency: this.#words.frequency(token) }))
      .filter(({ frequency }) => frequency > 0)
      .sort((a, b) => b.frequency - a.frequency || (a.token < b.token ? -1 : 1))
      .slice(0, taken)
      .map(({ token }) => token);
  }
}
