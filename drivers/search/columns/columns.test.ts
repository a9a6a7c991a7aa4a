import type { Filter, SearchField } from '../port.ts';
import type { Column } from './column.ts';
import { columnFor } from './columns.ts';
import type { StoredValue } from './stored.ts';

function filled(field: Omit<SearchField, 'name'>, values: (StoredValue | undefined)[]): Column {
  const column = columnFor({ name: 'x', ...field });
  if (!column) throw new Error('no column');
  values.forEach((value, row) => column.set(row, value));
  return column;
}
const passing = (column: Column, filter: Filter): number[] => [0, 1, 2, 3].filter((row) => column.test(filter)(row));
const counted = (column: Column): Record<string, number> =>
  Object.fromEntries(column.count(new Uint32Array([0, 1, 2, 3])).map(({ value, count }) => [String(value), count]));

describe('columns', () => {
  it('are made only for what is filtered, counted, sorted, or is a colour', () => {
    expect(columnFor({ name: 'x', kind: 'text', weight: 3 })).toBeNull();
    expect(columnFor({ name: 'x', kind: 'keyword' })).toBeNull();
    expect(columnFor({ name: 'x', kind: 'colors' })).not.toBeNull();
  });

  it.each([
    ['counted numbers', { kind: 'integer', filter: true, facet: true }],
    ['plain numbers', { kind: 'integer', filter: true }],
  ] as const)('test, sort and count %s alike', (_, field) => {
    const column = filled(field, [3, undefined, -1, 3]);
    expect(passing(column, { field: 'x', any: [3, 9] })).toEqual([0, 3]);
    expect(passing(column, { field: 'x', none: [3] })).toEqual([1, 2]);
    expect(passing(column, { field: 'x', all: [3] })).toEqual([0, 3]);
    expect(passing(column, { field: 'x', all: [3, -1] })).toEqual([]);
    expect(passing(column, { field: 'x', gte: -1, lte: 2 })).toEqual([2]);
    expect([0, 1, 2].map((row) => column.key(row))).toEqual([3, null, -1]);
    expect(counted(column)).toEqual({ '3': 2, '-1': 1 });
  });

  it('test lists of numbers by any of them', () => {
    const column = filled({ kind: 'float', many: true, filter: true }, [[1, 5], [], [5, 5], 7]);
    expect(passing(column, { field: 'x', gte: 2, lte: 6 })).toEqual([0, 2]);
    expect(passing(column, { field: 'x', all: [1, 5] })).toEqual([0]);
    expect(counted(column)).toEqual({ '1': 1, '5': 2, '7': 1 });
  });

  it('tell false from missing', () => {
    const column = filled({ kind: 'boolean', filter: true }, [true, false, undefined, 'true']);
    expect(passing(column, { field: 'x', any: [false] })).toEqual([1]);
    expect(passing(column, { field: 'x', none: [false] })).toEqual([0, 2, 3]);
    expect([0, 1, 2].map((row) => column.key(row))).toEqual([1, 0, null]);
  });

  it('take values that do not fit as missing', () => {
    for (const field of [
      { kind: 'float', filter: true },
      { kind: 'float', filter: true, facet: true },
    ] as const) {
      const column = filled(field, ['1', NaN, Infinity, true]);
      expect(passing(column, { field: 'x', gte: -1e9 })).toEqual([]);
      expect(counted(column)).toEqual({});
    }
  });

  it('forget what a row held before', () => {
    const column = filled({ kind: 'keyword', many: true, filter: true, facet: true }, [['a', 'b'], ['b'], [], ['a']]);
    column.set(0, ['c']);
    column.set(3, undefined);
    expect(counted(column)).toEqual({ b: 1, c: 1 });
  });

  it('hold more values than fit into a byte, and into two', () => {
    const column = columnFor({ name: 'x', kind: 'keyword', filter: true });
    const rows = 70_000;
    for (let row = 0; row < rows; row++) column?.set(row, `v${row}`);
    for (const row of [0, 254, 255, 256, 65_534, 65_535, 65_536, rows - 1]) {
      expect(column?.key(row)).toBe(`v${row}`);
      expect(column?.test({ field: 'x', any: [`v${row}`] })(row)).toBe(true);
    }
  });
});
