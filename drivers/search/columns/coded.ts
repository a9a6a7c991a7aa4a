import type { Filter } from '../port.ts';
import { type Codes, ManyCodes, OneCode } from './codes.ts';
import type { Column, Counted, Scalar, Test } from './column.ts';
import type { StoredValue } from './stored.ts';

/** Words, switches, or lists of words or numbers: each distinct value has a code from 1 up, and rows hold codes. */
export class CodedColumn implements Column {
  #kind: 'string' | 'number' | 'boolean';
  #codeOf = new Map<Scalar, number>();
  #values: Scalar[] = [];
  #codes: Codes;

  constructor(kind: 'string' | 'number' | 'boolean', many: boolean) {
    this.#kind = kind;
    this.#codes = many ? new ManyCodes() : new OneCode();
  }

  #code(value: Scalar): number {
    const known = this.#codeOf.get(value);
    if (known !== undefined) return known;
    this.#values.push(value);
    this.#codeOf.set(value, this.#values.length);
    return this.#values.length;
  }

  set(row: number, value: StoredValue | undefined): void {
    const list = (Array.isArray(value) ? value : [value]) as unknown[];
    const fitting = list.filter(
      (item): item is Scalar => typeof item === this.#kind && (this.#kind !== 'number' || Number.isFinite(item)),
    );
    this.#codes.set(row, [...new Set(fitting.map((item) => this.#code(item)))]);
  }

  #marked(fits: (value: Scalar) => boolean): Uint8Array {
    const marked = new Uint8Array(this.#values.length + 1);
    this.#values.forEach((value, i) => (marked[i + 1] = fits(value) ? 1 : 0));
    return marked;
  }

  #markedOf(values: readonly Scalar[]): Uint8Array {
    const marked = new Uint8Array(this.#values.length + 1);
    for (const value of values) marked[this.#codeOf.get(value) ?? 0] = 1;
    marked[0] = 0;
    return marked;
  }

  test(filter: Filter): Test {
    const codes = this.#codes;
    if ('any' in filter) {
      const marked = this.#markedOf(filter.any);
      return (row) => codes.some(row, marked);
    }
    if ('none' in filter) {
      const marked = this.#markedOf(filter.none);
      return (row) => !codes.some(row, marked);
    }
    if ('all' in filter) {
      const marked = this.#markedOf(filter.all);
      const wanted = new Set(filter.all).size;
      return (row) => codes.hits(row, marked) === wanted;
    }
    const { gte = -Infinity, lte = Infinity } = filter;
    const marked = this.#marked((value) => typeof value === 'number' && value >= gte && value <= lte);
    return (row) => codes.some(row, marked);
  }

  key(row: number): number | string | null {
    const value = this.#values[this.#codes.first(row) - 1];
    return value === undefined ? null : typeof value === 'boolean' ? Number(value) : value;
  }

  count(rows: ArrayLike<number>): Counted[] {
    const counts = new Uint32Array(this.#values.length + 1);
    this.#codes.tally(rows, counts);
    return this.#values.map((value, i) => ({ value, count: counts[i + 1] ?? 0 })).filter(({ count }) => count > 0);
  }
}
