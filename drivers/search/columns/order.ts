import type { Ids } from './ids.ts';
import type { Table } from './table.ts';

export type Key = number | string | null;

/** One thing that rows are ordered by. Rows without it come last, whichever the direction. */
export interface Rank {
  key(row: number): Key;
  descending: boolean;
  /** The keys by row, where they are descending numbers and none is missing: compared without a call. */
  scores?: Float64Array;
}

export function byField({ field, descending }: { field: string; descending: boolean }, table: Table): Rank {
  const column = table.columns.get(field);
  return { key: (row) => column?.key(row) ?? null, descending };
}

/** Where a page ended. */
export interface Place {
  keys: Key[];
  id: string;
}

export function compareKeys(a: Key, b: Key, descending: boolean): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b === descending ? 1 : -1;
}

/** An order of rows that does not depend on which other rows there are: by ranks, then by id. */
export class Order {
  #ranks: readonly Rank[];
  #ids: Ids;

  constructor(ranks: readonly Rank[], ids: Ids) {
    this.#ranks = ranks;
    this.#ids = ids;
  }

  place(row: number): Place {
    return { keys: this.#ranks.map((rank) => rank.key(row)), id: this.#ids.get(row) };
  }

  /** The first `most` of the rows, of those that come after a place where one is given, in order. */
  first(rows: Uint32Array, most: number, after: Place | null): number[] {
    const behind = after && this.behind(after);
    const [first] = this.#ranks;
    let kept: number[] = [];
    let last: number | null = null;
    let bar: Key = null;
    let least = -Infinity;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (first?.scores && first.scores[row]! < least) continue;
      if (last !== null && first) {
        // Most rows fall out here, by the first key alone.
        const difference = compareKeys(first.key(row), bar, first.descending);
        if (difference > 0 || (difference === 0 && this.#compare(row, last) >= 0)) continue;
      }
      if (behind && !behind(row)) continue;
      kept.push(row);
      if (kept.length < 4 * most) continue;
      kept = this.sorted(kept).slice(0, most);
      last = kept.at(-1) ?? null;
      bar = first && last !== null ? first.key(last) : null;
      if (typeof bar === 'number') least = bar;
    }
    return this.sorted(kept).slice(0, most);
  }

  sorted(rows: number[]): number[] {
    return rows.sort((a, b) => this.#compare(a, b));
  }

  #compare(a: number, b: number): number {
    for (const { key, descending } of this.#ranks) {
      const difference = compareKeys(key(a), key(b), descending);
      if (difference !== 0) return difference;
    }
    return this.#ids.compare(a, b);
  }

  /** Tells whether a row comes after a place, by keys that it had where they are given. */
  behind({ keys, id }: Place): (row: number, had?: readonly Key[]) => boolean {
    const bytes = Buffer.from(id);
    return (row, had) => {
      for (const [i, { key, descending }] of this.#ranks.entries()) {
        const difference = compareKeys(had ? (had[i] ?? null) : key(row), keys[i] ?? null, descending);
        if (difference !== 0) return difference > 0;
      }
      return this.#ids.compareTo(row, bytes) > 0;
    };
  }
}
