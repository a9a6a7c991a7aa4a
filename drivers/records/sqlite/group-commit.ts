import type { Database } from 'better-sqlite3';
import { RecordsError } from '../port.ts';
import { translated } from './errors.ts';

/** Work in slices: it yields where a transaction may end, and returns its result. */
export type Sliced<T> = Iterator<undefined, T>;

const inOneSlice = <T>(work: () => T): Sliced<T> => ({ next: () => ({ done: true, value: work() }) });

interface Entry {
  /** Does a slice; true when it was the last. */
  step(): boolean;
  resolve(): void;
  reject(error: unknown): void;
}

interface Outcome {
  entry: Entry;
  failed?: { error: unknown };
}

export interface GroupCommit {
  /** Runs at once, or in its turn behind the writes that wait: a read sees every write issued before it. */
  read<T>(work: () => T): Promise<T>;
  /** Resolves once the work is on disk. It succeeds or fails whole and alone, whatever else is in its transaction. */
  write<T>(work: () => T): Promise<T>;
  /** As `write`, for work on many records: each slice is whole, and long work spans several transactions. */
  writeSliced<T>(work: () => Sliced<T>): Promise<T>;
  /** Refuses new work with `records.closed` and waits for the old. */
  close(): Promise<void>;
}

/**
 * Gathers what is issued in one turn of the event loop into one transaction, so that many small writes cost one fsync. A
 * transaction takes about `budgetMs` of work, then the event loop has its turn.
 */
export function groupCommit(db: Database, budgetMs = 5): GroupCommit {
  const [begin, commit, rollback] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT'), db.prepare('ROLLBACK')];
  const [save, release, undo] = [db.prepare('SAVEPOINT one'), db.prepare('RELEASE one'), db.prepare('ROLLBACK TO one')];
  let queue: Entry[] = [];
  let closed = false;
  const drained: (() => void)[] = [];

  function runNext(entry: Entry): { done: boolean; failed?: { error: unknown } } {
    save.run();
    try {
      const done = entry.step();
      release.run();
      return { done };
    } catch (error) {
      // A full disk or the like has ended the whole transaction: there is nothing to go back to.
      if (!db.inTransaction) throw error;
      undo.run();
      release.run();
      return { done: true, failed: { error } };
    }
  }

  function flush(): void {
    const outcomes: Outcome[] = [];
    let begun = 0;
    try {
      begin.run();
      const until = performance.now() + budgetMs;
      for (const entry of queue) {
        begun += 1;
        let result = runNext(entry);
        while (!result.done && performance.now() < until) result = runNext(entry);
        if (result.done) outcomes.push({ entry, ...(result.failed && { failed: result.failed }) });
        if (!result.done || performance.now() >= until) break;
      }
      commit.run();
      queue = queue.slice(outcomes.length);
      for (const { entry, failed } of outcomes)
        if (failed) entry.reject(translated(failed.error));
        else entry.resolve();
    } catch (error) {
      if (db.inTransaction) rollback.run();
      // Nothing of this transaction is on disk, and half-done slices cannot be taken up again. Where none could begin, waiting
      // for a lock again for each that waits would hold up everything else.
      const lost = queue.slice(0, begun || queue.length);
      queue = queue.slice(lost.length);
      for (const entry of lost) entry.reject(translated(error));
    }
    if (queue.length > 0) setImmediate(flush);
    else for (const resolve of drained.splice(0)) resolve();
  }

  function enqueue<T>(start: () => Sliced<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let slices: Sliced<T> | undefined;
      let result: T;
      queue.push({
        step() {
          slices ??= start();
          const next = slices.next();
          if (next.done) result = next.value;
          return next.done ?? false;
        },
        resolve: () => resolve(result),
        reject,
      });
      if (queue.length === 1) setImmediate(flush);
    });
  }

  function refuseWhenClosed(): void {
    if (closed) throw new RecordsError('records.closed', 'the records are closed: finish work before closing the store');
  }

  return {
    async read<T>(work: () => T): Promise<T> {
      refuseWhenClosed();
      if (queue.length === 0) return work();
      return enqueue(() => inOneSlice(work));
    },
    async write(work) {
      refuseWhenClosed();
      return enqueue(() => inOneSlice(work));
    },
    async writeSliced(work) {
      refuseWhenClosed();
      return enqueue(work);
    },
    async close() {
      closed = true;
      if (queue.length > 0) await new Promise<void>((resolve) => drained.push(resolve));
    },
  };
}
