import type { Filter } from '../port.ts';
import type { Column, Counted, Test } from './column.ts';
import { grown } from './grown.ts';
import type { StoredValue } from './stored.ts';

/** One number a row, NaN where it is missing. */
export class NumberColumn implements Column {
  #values = new Float64Array(0);

  set(row: number, value: StoredValue | undefined): void {
    this.#values = grown(this.#values, row + 1, NaN);
    this.#values[row] = Number.isFinite(value) ? (value as number) : NaN;
  }

  test(filter: Filter): Test {
    const values = this.#values;
    if ('any' in filter) {
      const wanted = new Set<unknown>(filter.any);
      return (row) => wanted.has(values[row]);
    }
    if ('none' in filter) {
      const refused = new Set<unknown>(filter.none);
      return (row) => !refused.has(values[row]);
    }
    if ('all' in filter) return (row) => filter.all.every((value) => values[row] === value);
    const { gte = -Infinity, lte = Infinity } = filter;
    return (row) => {
      const value = values[row]!;
      return value >= gte && value <= lte;
    };
  }

  key(row: number): number | null {
    const value = this.#values[row]!;
    return Number.isNaN(value) ? null : value;
  }

  count(rows: ArrayLike<number>): Counted[] {
    const counts = new Map<number, number>();
    for (let i = 0; i < rows.length; i++) {
      const value = this.#values[rows[i]!]!;
      if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts].map(([value, count]) => ({ value, count }));
  }
}
