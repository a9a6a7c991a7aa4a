import type { Filter } from '../port.ts';
import type { Column, Test } from '../columns/column.ts';

/** Rows that pass, and those that only the filters of one field keep out. */
export interface Narrowed {
  passed: Uint32Array;
  /** For each field of `facets` that has filters: the rows that pass all others. */
  without: Map<string, ArrayLike<number>>;
}

/** Applies the filters; several on one field all hold. */
export function narrow(
  rows: Uint32Array,
  filters: readonly Filter[],
  columns: ReadonlyMap<string, Column>,
  facets: ReadonlySet<string>,
): Narrowed {
  const fields = [...new Set(filters.map(({ field }) => field))];
  const tests = fields.map((field) =>
    both(
      filters.filter((filter) => filter.field === field),
      columns.get(field),
    ),
  );
  const without = new Map<string, number[]>(fields.filter((field) => facets.has(field)).map((field) => [field, []]));
  if (tests.length === 0) return { passed: rows, without };
  const failing = fields.map((field) => without.get(field));
  const passed = new Uint32Array(rows.length);
  let n = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const first = firstFailing(tests, row, 0);
    if (first === -1) passed[n++] = row;
    else if (failing[first] && firstFailing(tests, row, first + 1) === -1) failing[first].push(row);
  }
  return { passed: passed.subarray(0, n), without };
}

function firstFailing(tests: readonly Test[], row: number, from: number): number {
  for (let i = from; i < tests.length; i++) if (!tests[i]!(row)) return i;
  return -1;
}

function both(filters: readonly Filter[], column: Column | undefined): Test {
  const tests = filters.map((filter) => column?.test(filter) ?? (() => false));
  const [only] = tests;
  return only && tests.length === 1 ? only : (row) => tests.every((test) => test(row));
}
