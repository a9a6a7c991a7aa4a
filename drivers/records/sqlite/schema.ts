import type { Database } from 'better-sqlite3';
import type { Collection } from '../port.ts';
import { jsonPath, keysOf } from './paths.ts';

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

/** Thrown for a declaration that makes no sense: a mistake in the code that wrote it, so the boot stops. */
function checked({ name, hot, indexes = [], unique = [] }: Collection): void {
  if (!/^[a-z][a-z0-9_]{0,59}$/.test(name) || name.startsWith('sqlite_'))
    throw new Error(`'${name}' cannot name a collection: use lower case, digits and _, a letter first`);
  for (const field of Object.keys(hot)) {
    if (reserved.has(keysOf(field).join('.').toLowerCase()))
      throw new Error(`collection '${name}' cannot have a hot field '${field}'`);
  }
  for (const field of [...indexes.flat(), ...unique]) {
    if (field !== 'id' && !Object.hasOwn(hot, field))
      throw new Error(`collection '${name}' indexes '${field}': declare it as hot first`);
  }
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

function syncColumns(db: Database, { name, hot }: Collection): void {
  const present = new Map(
    db
      .prepare<[string], { name: string; type: string }>('SELECT name, type FROM pragma_table_xinfo(?)')
      .all(name)
      .map((column) => [column.name, column.type]),
  );
  for (const [field, type] of Object.entries(hot)) {
    if (field === 'id' || present.get(field) === sqlTypes[type]) continue;
    if (present.has(field)) db.exec(`ALTER TABLE ${quoted(name)} DROP COLUMN ${quoted(field)}`);
    db.exec(`ALTER TABLE ${quoted(name)} ADD COLUMN ${columnOf(field, type)}`);
  }
}

/** Indexes that hold a column of another type than declared go before it does; those no longer declared only cost writes. */
function dropIndexes(db: Database, { name, hot }: Collection, wanted: Map<string, string>): Set<string> {
  const retyped = db
    .prepare<[string], { name: string; type: string }>('SELECT name, type FROM pragma_table_xinfo(?)')
    .all(name)
    .filter(
      (column) => Object.hasOwn(hot, column.name) && hot[column.name] && sqlTypes[hot[column.name] as HotType] !== column.type,
    )
    .map((column) => quoted(column.name));
  const kept = new Set<string>();
  const indexes = db
    .prepare<[string], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`,
    )
    .all(name);
  for (const index of indexes) {
    const columns = index.sql.slice(index.sql.lastIndexOf('('));
    if (wanted.get(index.name) === index.sql && !retyped.some((column) => columns.includes(column))) kept.add(index.name);
    else db.exec(`DROP INDEX ${quoted(index.name)}`);
  }
  return kept;
}

/**
 * Makes a collection's table or brings it up to its declaration, in one transaction. Hot columns are derived from the document
 * by SQLite itself and only stand in indexes, so a new one needs no rewrite: measured at 100,000 records of 2 KB against
 * stored columns, an update writes a fifth, an insert is a third faster, a page of 50 takes 0.7 instead of 0.4 ms.
 */
export function prepareTable(db: Database, collection: Collection): Columns {
  checked(collection);
  db.transaction(() => {
    db.exec(
      `CREATE TABLE IF NOT EXISTS ${quoted(collection.name)} (rid INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, doc TEXT NOT NULL)`,
    );
    const wanted = indexesOf(collection);
    const kept = dropIndexes(db, collection, wanted);
    syncColumns(db, collection);
    for (const [index, create] of wanted) if (!kept.has(index)) db.exec(create);
  }).immediate();
  return new Map<string, HotType>([...Object.entries(collection.hot), ['id', 'text']]);
}
