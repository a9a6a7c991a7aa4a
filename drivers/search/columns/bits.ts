import { type Distance, Likeness } from './column.ts';
import { grown } from './grown.ts';
import type { StoredValue } from './stored.ts';

const wordBits = 32;
const digitsOfWord = wordBits / 4;

/** How many bits of a word are set, by halves (Warren, Hacker's Delight, 5-1). */
export function popcount(word: number): number {
  let x = word - ((word >>> 1) & 0x5555_5555);
  x = (x & 0x3333_3333) + ((x >>> 2) & 0x3333_3333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** The bits of all rows, in words of 32; the first digit is the highest of the first word. */
export class BitsColumn extends Likeness {
  /** Bits of a row. */
  readonly length: number;
  /** Words of a row; bits that are left over in the last one are 0. */
  readonly width: number;
  words = new Uint32Array(0);
  #has = new Uint8Array(0);

  constructor(length: number) {
    super();
    this.length = length;
    this.width = Math.ceil(length / wordBits);
  }

  #wordsOf(value: unknown): Uint32Array | null {
    if (typeof value !== 'string' || value.length !== this.length / 4 || !/^[0-9a-f]+$/.test(value)) return null;
    const digits = value.padEnd(this.width * digitsOfWord, '0');
    return Uint32Array.from({ length: this.width }, (_, i) =>
      parseInt(digits.slice(i * digitsOfWord, (i + 1) * digitsOfWord), 16),
    );
  }

  set(row: number, value: StoredValue | undefined): void {
    this.words = grown(this.words, (row + 1) * this.width);
    this.#has = grown(this.#has, row + 1);
    const words = this.#wordsOf(value);
    if (words) this.words.set(words, row * this.width);
    this.#has[row] = words ? 1 : 0;
  }

  has(row: number): boolean {
    return this.#has[row] === 1;
  }

  from(value: unknown): Distance | null {
    const words = this.#wordsOf(value);
    return words && this.#distance(words);
  }

  fromRow(row: number): Distance | null {
    return this.has(row) ? this.#distance(this.words.slice(row * this.width, (row + 1) * this.width)) : null;
  }

  #distance(own: Uint32Array): Distance {
    const { words, width } = this;
    const has = this.#has;
    return (row) => {
      if (has[row] !== 1) return NaN;
      let differing = 0;
      for (let i = 0, k = row * width; i < width; i++, k++) differing += popcount(own[i]! ^ words[k]!);
      return differing;
    };
  }
}
