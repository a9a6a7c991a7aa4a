import Database from 'better-sqlite3';
import type { SearchField } from '../port.ts';

/** Raise it when tables or words are made in another way: an index of another version starts empty, and is fed anew. */
const version = 1;

/** The full-text table holds words that text.ts has cut and folded already, so its own tokeniser need only split at blanks. */
const tables = `
  CREATE TABLE docs (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    rev INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    words INTEGER NOT NULL,
    fields TEXT NOT NULL
  );
  CREATE TABLE texts (row INTEGER PRIMARY KEY, texts TEXT NOT NULL);
  CREATE VIRTUAL TABLE words USING fts5 (title, tags, body, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'ascii');
  CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, 'row');
  CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

/**
 * Opens or makes the index. Durable against the end of the process at each commit; at a loss of power the last commits may go, but
 * never out of order, so the mark never runs ahead of the documents.
 */
export function openDatabase(file: string): Database.Database {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('cache_size = -4000');
    if (db.pragma('user_version', { simple: true }) !== version) create(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function create(db: Database.Database): void {
  db.transaction(() => {
    for (const name of ['vocabulary', 'words', 'docs', 'texts', 'notes']) db.exec(`DROP TABLE IF EXISTS ${name}`);
    db.exec(tables);
    db.pragma(`user_version = ${version}`);
  })();
}

interface Noted {
  mark: string;
  fields: SearchField[];
  /** Names of fields whose words are still to be filed in stored documents. */
  refile: string[];
}

/** What the index remembers besides documents. */
export class Notes {
  #read;
  #write;

  constructor(db: Database.Database) {
    this.#read = db.prepare<[string], string>('SELECT value FROM notes WHERE name = ?').pluck();
    this.#write = db.prepare<[string, string]>('INSERT OR REPLACE INTO notes VALUES (?, ?)');
  }

  get<K extends keyof Noted>(name: K): Noted[K] | undefined {
    const value = this.#read.get(name);
    return value === undefined ? undefined : (JSON.parse(value) as Noted[K]);
  }

  set<K extends keyof Noted>(name: K, value: Noted[K]): void {
    this.#write.run(name, JSON.stringify(value));
  }
}
