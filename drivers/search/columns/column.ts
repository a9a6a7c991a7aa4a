import { SearchError, type Filter } from '../port.ts';
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

/** How far the value of a row is away; NaN where it has none. */
export type Distance = (row: number) => number;

/** Values that are never filtered, counted or sorted by, but near or far. */
export abstract class Likeness implements Column {
  abstract set(row: number, value: StoredValue | undefined): void;
  /** From a value, or null where that is none of this field. */
  abstract from(value: unknown): Distance | null;
  /** From the value of a row, or null where it has none. */
  abstract fromRow(row: number): Distance | null;

  test(): Test {
    throw new SearchError('search.query-invalid', 'this field cannot be filtered: ask for what is nearest by it');
  }

  key(): null {
    return null;
  }

  count(): Counted[] {
    return [];
  }
}
