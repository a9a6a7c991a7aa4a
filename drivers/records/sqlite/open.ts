import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { adapterOf, type AdapterStore, collections } from '../moleculer.ts';
import { RecordsError } from '../port.ts';
import { groupCommit } from './group-commit.ts';
import { openRecords } from './records.ts';
import { prepareTable } from './schema.ts';
import { statementCache } from './statements.ts';

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
export function openSqliteRecords({ file }: { file: string }): Promise<AdapterStore> {
  return Promise.resolve().then(() => openStore(connect(file)));
}

/** All collections of the store, made or migrated as they are first asked for. */
function openStore(db: Database.Database): AdapterStore {
  const prepare = statementCache(db);
  const commits = groupCommit(db);
  const opened = collections((declared) =>
    adapterOf(openRecords({ name: declared.name, columns: prepareTable(db, declared), prepare, commits })),
  );
  let closing: Promise<void> | undefined;

  return {
    collection(declared) {
      if (closing) throw new RecordsError('records.closed', `'${declared.name}' is asked for after the records were closed`);
      return opened(declared);
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
