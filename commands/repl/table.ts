import { stripVTControlCharacters } from 'node:util';

type Cell = string | number | boolean | null | undefined;

/** Nobody's terminal is to do what a file's name says. */
const plain = (cell: Cell): string =>
  stripVTControlCharacters(cell === null || cell === undefined ? '–' : String(cell)).replaceAll(/\p{Cc}+/gu, ' ');

/** Rows in columns, below their names; numbers to the right. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const cells = [heads, ...rows].map((row) => row.map(plain));
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const isNumber = heads.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  return cells.map((row) =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
