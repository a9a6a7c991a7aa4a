import { grown } from './grown.ts';
import { Lists } from './lists.ts';

type Narrow = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** The codes of a row: what a coded column keeps instead of values. 0 stands for none. */
export interface Codes {
  set(row: number, codes: readonly number[]): void;
  /** Whether one of the row's codes is marked in the table. */
  some(row: number, marked: Uint8Array): boolean;
  /** How many of the row's codes are marked. */
  hits(row: number, marked: Uint8Array): number;
  first(row: number): number;
  /** Adds the codes of these rows to `counts`. */
  tally(rows: ArrayLike<number>, counts: Uint32Array): void;
}

/** One code a row: in a byte as long as 255 do, then in two, then in four. */
export class OneCode implements Codes {
  #codes: Narrow = new Uint8Array(0);

  set(row: number, [code = 0]: readonly number[]): void {
    if (code > 0xff && this.#codes instanceof Uint8Array) this.#codes = new Uint16Array(this.#codes);
    if (code > 0xffff && this.#codes instanceof Uint16Array) this.#codes = new Uint32Array(this.#codes);
    this.#codes = grown(this.#codes, row + 1);
    this.#codes[row] = code;
  }

  first(row: number): number {
    return this.#codes[row] ?? 0;
  }

  some(row: number, marked: Uint8Array): boolean {
    return marked[this.#codes[row]!] === 1;
  }

  hits(row: number, marked: Uint8Array): number {
    return marked[this.#codes[row]!]!;
  }

  tally(rows: ArrayLike<number>, counts: Uint32Array): void {
    const codes = this.#codes;
    for (let i = 0; i < rows.length; i++) {
      counts[codes[rows[i]!]!]!++;
    }
  }
}

/** Any number of distinct codes a row. */
export class ManyCodes implements Codes {
  #lists = new Lists(new Uint32Array(0));

  set(row: number, codes: readonly number[]): void {
    this.#lists.set(row, codes);
  }

  first(): number {
    return 0;
  }

  some(row: number, marked: Uint8Array): boolean {
    return this.hits(row, marked) > 0;
  }

  hits(row: number, marked: Uint8Array): number {
    const { start, length, items } = this.#lists;
    const from = start[row]!;
    const to = from + length[row]!;
    let hits = 0;
    for (let i = from; i < to; i++) hits += marked[items[i]!]!;
    return hits;
  }

  tally(rows: ArrayLike<number>, counts: Uint32Array): void {
    const { start, length, items } = this.#lists;
    for (let i = 0; i < rows.length; i++) {
      const from = start[rows[i]!]!;
      const to = from + length[rows[i]!]!;
      for (let k = from; k < to; k++) {
        counts[items[k]!]!++;
      }
    }
  }
}
