import type { Table } from '../columns/table.ts';

/** Of so few rows, finding takes some hundredths of a second: it is done anew after each change. */
const fewRows = 5000;
/** Among more, what was found serves for so long, whatever changes: else an import would keep the thread at nothing but this. */
const servesMs = 5000;

interface Found<T> {
  result: Promise<T>;
  changes: number;
  /** When it was through, in ms; null while it is under way. */
  through: number | null;
}

/** What was found lately in all rows, by what was wished for: for each wish it is looked for only once at a time. */
export class Recent<T> {
  #table: Pick<Table, 'changes' | 'count'>;
  #now: () => number;
  #known = new Map<string, Found<T>>();

  constructor({ table, now = () => performance.now() }: { table: Pick<Table, 'changes' | 'count'>; now?: () => number }) {
    this.#table = table;
    this.#now = now;
  }

  /** What is being found for this wish, or was lately; else what `find` answers. Rejects with what `find` rejects with. */
  get(wish: string, find: () => Promise<T>): Promise<T> {
    const known = this.#known.get(wish);
    if (known && this.#serves(known)) return known.result;
    for (const [other, found] of this.#known) if (this.#isOld(found)) this.#known.delete(other);
    const found: Found<T> = { result: find(), changes: this.#table.changes, through: null };
    this.#known.set(wish, found);
    found.result.then(
      () => (found.through = this.#now()),
      // Told to whoever waits for it; the next one tries anew.
      () => this.#known.delete(wish),
    );
    return found.result;
  }

  #serves(found: Found<T>): boolean {
    if (found.through === null || found.changes === this.#table.changes) return true;
    return this.#table.count > fewRows && !this.#isOld(found);
  }

  #isOld({ through }: Found<T>): boolean {
    return through !== null && this.#now() - through >= servesMs;
  }
}
