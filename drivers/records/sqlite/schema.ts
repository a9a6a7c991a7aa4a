import type { Database } from 'better-sqlite3';
import { checkDeclaration } from '../check-declaration.ts';
import type { Collection } from '../port.ts';
import { translated } from './errors.ts';
import { jsonPath } from './paths.ts';

export type HotType = Collection['hot'][string];

/** The columns of a table that queries may name, `id` among them. */
export type Columns = ReadonlyMap<string, HotType>;

const sqlTypes = { text: 'TEXT', number: 'NUMERIC', boolean: 'INTEGER' } as const satisfies Record<HotType, string>;
const reserved = new Set(['rid', 'doc', 'rowid', 'oid', '_rowid_']);

export const quoted = (name: string): string => `"${name}"`;

/**
 * A hot column's value: the field's where it has the declared type, NULL where it is null or missing. Anything else becomes a
 * BLOB of its JSON, which sorts above every number and text and equals none of them, as MongoDB compares only like with like.
 */
function columnOf(field: string, type: HotType): string {
  const path = `'${jsonPath(field)}'`;
  const value = `doc ->> ${path}`;
  const cases = {
    text: `WHEN 'text' THEN ${value}`,
    number: `WHEN 'integer' THEN ${value} WHEN 'real' THEN ${value}`,
    boolean: `WHEN 'true' THEN 1 WHEN 'false' THEN 0`,
  }[type];
  const derived = `CASE json_type(doc, ${path}) ${cases} WHEN 'null' THEN NULL ELSE CAST(doc -> ${path} AS BLOB) END`;
  return `${quoted(field)} ${sqlTypes[type]} AS (${derived}) VIRTUAL`;
}

/** Thrown, as by `checkDeclaration`, for what SQLite or the table itself has other uses for. */
function checked(collection: Collection): void {
  checkDeclaration(collection);
  const { name, hot } = collection;
  if (name.startsWith('sqlite_')) throw new Error(`'${name}' cannot name a collection: SQLite keeps such names to itself`);
  const taken = Object.keys(hot).find((field) => reserved.has(field.toLowerCase()));
  if (taken !== undefined) throw new Error(`collection '${name}' cannot have a hot field '${taken}'`);
}

/** Every index ends in `id`, so that a sorted page is found in the index alone and only its documents are read. */
const indexesOf = ({ name, indexes = [], unique = [] }: Collection): Map<string, string> =>
  new Map([
    ...indexes.map((fields): [string, string] => {
      const columns = [...fields.filter((field) => field !== 'id'), 'id'];
      const index = `${name} by ${fields.join(', ')}`;
      return [index, `CREATE INDEX ${quoted(index)} ON ${quoted(name)} (${columns.map(quoted).join(', ')})`];
    }),
    ...unique.map((field): [string, string] => {
      const index = `${name} unique ${field}`;
      return [index, `CREATE UNIQUE INDEX ${quoted(index)} ON ${quoted(name)} (${quoted(field)})`];
    }),
  ]);

interface Change {
  field: string;
  type: HotType;
  /** There already, of another type. */
  present: boolean;
}

function changesOf(db: Database, { name, hot }: Collection): Change[] {
  const columns = db.prepare<[string], { name: string; type: string }>('SELECT name, type FROM pragma_table_xinfo(?)').all(name);
  const types = new Map(columns.map((column) => [column.name, column.type]));
  return Object.entries(hot)
    .filter(([field, type]) => field !== 'id' && types.get(field) !== sqlTypes[type])
    .map(([field, type]) => ({ field, type, present: types.has(field) }));
}

/** Drops the indexes that are no longer declared, which only cost writes, and those that stand in the way of a change; leaves those to make. */
function dropIndexes(db: Database, name: string, missing: Map<string, string>, changed: readonly Change[]): void {
  const present = db
    .prepare<[string], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`,
    )
    .all(name);
  for (const index of present) {
    const stays = missing.get(index.name) === index.sql && !changed.some(({ field }) => index.sql.includes(quoted(field)));
    if (stays) missing.delete(index.name);
    else db.exec(`DROP INDEX ${quoted(index.name)}`);
  }
}

function changeColumns(db: Database, name: string, changed: readonly Change[]): void {
  for (const { field, type, present } of changed) {
    if (present) db.exec(`ALTER TABLE ${quoted(name)} DROP COLUMN ${quoted(field)}`);
    db.exec(`ALTER TABLE ${quoted(name)} ADD COLUMN ${columnOf(field, type)}`);
  }
}

/**
 * Makes a collection's table or brings it up to its declaration, in one transaction. Hot columns are derived from the document
 * by SQLite itself and only stand in indexes, so a new one needs no rewrite: measured at 100,000 records of 2 KB against
 * stored columns, an update writes a fifth, an insert is a third faster, a page of 50 takes 0.7 instead of 0.4 ms.
 */
export function prepareTable(db: Database, collection: Collection): Columns {
  checked(collection);
  const migrate = db.transaction(() => {
    db.exec(
      `CREATE TABLE IF NOT EXISTS ${quoted(collection.name)} (rid INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, doc TEXT NOT NULL)`,
    );
    const missing = indexesOf(collection);
    const changed = changesOf(db, collection);
    dropIndexes(db, collection.name, missing, changed);
    changeColumns(db, collection.name, changed);
    for (const create of missing.values()) db.exec(create);
  });
  try {
    migrate.immediate();
  } catch (error) {
    throw translated(error);
  }
  return new Map<string, HotType>([...Object.entries(collection.hot), ['id', 'text']]);
}
