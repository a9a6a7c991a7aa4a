import Database from 'better-sqlite3';

/** Told how many pages are left to copy, of how many. */
export type OnPages = (left: number, total: number) => void;

/** Pages copied between two turns of the event loop: some ms. */
const pages = 500;

/**
 * Copies a database to a new file, as it is at one moment, also while another process writes to it (SQLite's online backup,
 * https://sqlite.org/backup.html). Answers whether SQLite finds the copy sound.
 */
export async function snapshotSqlite(file: string, to: string, onPages: OnPages = () => undefined): Promise<boolean> {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    await db.backup(to, {
      progress({ remainingPages, totalPages }) {
        onPages(remainingPages, totalPages);
        return pages;
      },
    });
  } finally {
    db.close();
  }
  return isSound(to);
}

/** Whether a database file is whole, by SQLite's own check. */
export function isSound(file: string): boolean {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    return db.pragma('quick_check', { simple: true }) === 'ok';
  } catch {
    return false;
  } finally {
    db.close();
  }
}
