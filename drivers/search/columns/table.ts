import type { SearchField } from '../port.ts';
import type { Column } from './column.ts';
import { columnFor } from './columns.ts';
import { grown } from './grown.ts';
import { Ids } from './ids.ts';
import type { StoredFields } from './stored.ts';

/** All rows in memory, column by column: what is filtered, counted and sorted by. A row is a number from 1 up, for good. */
export class Table {
  readonly ids = new Ids();
  readonly columns = new Map<string, Column>();
  #live = new Uint8Array(0);
  #words = new Uint16Array(0);
  #end = 0;
  #count = 0;
  #changes = 0;

  /** Adds or replaces columns; answers them, still empty. */
  declare(fields: readonly SearchField[]): Map<string, Column> {
    const added = new Map<string, Column>();
    for (const field of fields) {
      const column = columnFor(field);
      if (column) added.set(field.name, column);
      if (column) this.columns.set(field.name, column);
      else this.columns.delete(field.name);
    }
    return added;
  }

  /** One more than the last row. */
  get end(): number {
    return this.#end;
  }

  get count(): number {
    return this.#count;
  }

  /** Rises with every row that is filled or removed. */
  get changes(): number {
    return this.#changes;
  }

  has(row: number): boolean {
    return this.#live[row] === 1;
  }

  /** Makes room for rows up to this one at once, which leaves no half-empty arrays behind. */
  reserve(row: number, columns: ReadonlyMap<string, Column>): void {
    this.ids.reserve(row);
    this.#live = grown(this.#live, row + 1);
    this.#words = grown(this.#words, row + 1);
    for (const column of columns.values()) column.set(row, undefined);
  }

  /** Fills a row; of `columns` alone where they are given. */
  set(row: number, id: string, words: number, fields: StoredFields, columns: ReadonlyMap<string, Column> = this.columns): void {
    this.ids.set(row, id);
    this.#live = grown(this.#live, row + 1);
    this.#words = grown(this.#words, row + 1);
    if (this.#live[row] !== 1) this.#count++;
    this.#live[row] = 1;
    this.#changes++;
    this.#words[row] = Math.min(words, 0xffff);
    this.#end = Math.max(this.#end, row + 1);
    for (const [name, column] of columns) column.set(row, fields[name]);
  }

  remove(row: number): void {
    if (this.#live[row] !== 1) return;
    this.#live[row] = 0;
    this.#changes++;
    this.#count--;
    for (const column of this.columns.values()) column.set(row, undefined);
  }

  /** How many words a row has. */
  words(row: number): number {
    return this.#words[row] ?? 0;
  }

  /** Every row there is, ascending. */
  rows(): Uint32Array {
    const rows = new Uint32Array(this.#count);
    let at = 0;
    for (let row = 0; row < this.#end; row++) if (this.#live[row] === 1) rows[at++] = row;
    return rows;
  }
}
