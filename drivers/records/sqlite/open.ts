import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import Database from 'better-sqlite3';
import { RecordsError, type Collection, type RecordStore } from '../port.ts';
import { openRecords, type SqliteRecords } from './adapter.ts';
import { groupCommit } from './group-commit.ts';
import { prepareTable } from './schema.ts';
import { statementCache } from './statements.ts';

/** All collections of the store, made or migrated as they are first asked for. */
export interface SqliteRecordStore extends RecordStore {
  collection<T extends { id: string }>(collection: Collection): SqliteRecords<T>;
}

function connect(file: string): Database.Database {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file, { timeout: 5_000 });
  try {
    db.pragma('journal_mode = WAL');
    // The ledger has to outlive a power cut: every commit waits for the disk, which group commit makes bearable.
    db.pragma('synchronous = FULL');
    db.pragma('cache_size = -4000'); // KB: the system caches the file as well
    db.pragma('journal_size_limit = 67108864');
    return db;
  } catch (error) {
    db.close();
    throw new Error(`'${file}' cannot be opened as a database: put a backup in its place, or move it away to start anew`, {
      cause: error,
    });
  }
}

/** Opens records in one SQLite file, which is made with its folder where there is none. One process at a time should write it. */
export function openSqliteRecords({ file }: { file: string }): Promise<SqliteRecordStore> {
  return Promise.resolve().then(() => openStore(connect(file)));
}

function openStore(db: Database.Database): SqliteRecordStore {
  const prepare = statementCache(db);
  const commits = groupCommit(db);
  const opened = new Map<string, { declared: Collection; records: SqliteRecords<{ id: string }> }>();
  let closing: Promise<void> | undefined;

  return {
    collection<T extends { id: string }>(declared: Collection): SqliteRecords<T> {
      if (closing) throw new RecordsError('records.closed', `'${declared.name}' is asked for after the records were closed`);
      const known = opened.get(declared.name);
      if (known && !isDeepStrictEqual(known.declared, declared))
        throw new Error(`collection '${declared.name}' is declared in two ways: share one declaration`);
      const records =
        known?.records ?? openRecords({ name: declared.name, columns: prepareTable(db, declared), prepare, commits });
      opened.set(declared.name, { declared, records });
      // The store does not know what the caller keeps in it; what comes out is what went in.
      return records as unknown as SqliteRecords<T>;
    },
    async ping() {
      db.prepare('SELECT 1').get();
    },
    close: () =>
      (closing ??= commits.close().then(() => {
        db.close();
      })),
  };
}
