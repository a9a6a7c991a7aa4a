import type { Filter } from '../port.ts';
import type { StoredValue } from './stored.ts';

export type Scalar = string | number | boolean;
export type Test = (row: number) => boolean;
export interface Counted {
  value: Scalar;
  count: number;
}

/** A field's values of all rows, in memory. A value that does not fit the field's kind counts as missing. */
export interface Column {
  set(row: number, value: StoredValue | undefined): void;
  /** `filter` has been checked to fit the field's kind. */
  test(filter: Filter): Test;
  /** What a row is sorted by; null = missing. Of a list there is none. */
  key(row: number): number | string | null;
  /** How often each value occurs in these rows, in no order. */
  count(rows: ArrayLike<number>): Counted[];
}
