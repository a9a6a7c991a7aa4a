import type { Database } from 'better-sqlite3';

/** Writes in one transaction. Searches get their turn between two. */
const most = 256;

/** Runs inside a transaction; what it answers runs once that is committed, and brings memory up to date. */
export type Write = () => () => void;

interface Waiting {
  write: Write;
  resolve(): void;
  reject(error: unknown): void;
}

/** Joins writes that come in the same turn, or while the batch before is committed, in one transaction. In the order they came. */
export class Batches {
  #transaction;
  #waiting: Waiting[] = [];
  #scheduled = false;

  constructor(db: Database) {
    this.#transaction = db.transaction((writes: readonly Write[]) => writes.map((write) => write()));
  }

  /** Resolves when the write is committed. */
  add(write: Write): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#next());
    });
  }

  /** Writes all that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commit(this.#waiting.splice(0, most));
  }

  #next(): void {
    this.#commit(this.#waiting.splice(0, most));
    this.#scheduled = this.#waiting.length > 0;
    if (this.#scheduled) setImmediate(() => this.#next());
  }

  /** When a batch fails, each write is tried by itself: one that cannot be written does not take the others with it. */
  #commit(batch: readonly Waiting[]): void {
    try {
      for (const apply of this.#transaction(batch.map(({ write }) => write))) apply();
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1 && only) only.reject(error);
      else for (const one of batch) this.#commit([one]);
    }
  }
}
