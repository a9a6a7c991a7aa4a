import { setImmediate } from 'node:timers/promises';
import { isWordy, mistakesIn, mostFrequent, nearestWords } from '../words/typos.ts';
import type { Words } from './words.ts';

const chunk = 2000;
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
    const most = mistakesIn(word);
    if (most === 0) return [];
    const byLength = this.#byLength ?? [];
    function* candidates(): Generator<string> {
      for (let length = word.length - most; length <= word.length + most; length++) yield* byLength[length] ?? [];
    }
    return mostFrequent(nearestWords(word, candidates()), (token) => this.#words.frequency(token));
  }
}
