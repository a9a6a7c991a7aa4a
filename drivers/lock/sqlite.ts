import Database from 'better-sqlite3';

/** Another process, or another part of this one, holds the lock. */
export class LockHeldError extends Error {
  override readonly name = 'LockHeldError';
}

export interface Lock {
  release(): void;
}

/** Milliseconds to wait for a holder that is just ending, as at a quick restart. */
const patienceMs = 1000;

/** Keeps the connections from the garbage collector, which would close them and so let go of the locks. */
const held = new Set<Database.Database>();

/** By its code alone: the client's native part keeps the error class of whoever loaded it first in the process. */
const isBusy = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');

/**
 * Takes a file for this process alone, until released or until the process ends, however it does: the lock is the kernel's
 * (fcntl, through SQLite's exclusive transaction), so nothing stale can stay behind. The file itself says nothing and stays.
 * @throws LockHeldError
 */
export function lockFile({ file }: { file: string }): Lock {
  const db = new Database(file, { timeout: patienceMs });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) {
      throw new LockHeldError(`${file} is held by another process`, { cause: error });
    }
    throw error;
  }
  held.add(db);
  return {
    release() {
      held.delete(db);
      db.close();
    },
  };
}
