import { RecordsError, type FindOptions } from '../port.ts';
import { compileQuery } from './compile-query.ts';
import { jsonPath } from './paths.ts';
import { quoted, type Columns } from './schema.ts';
import { sql, type Sql } from './sql.ts';

function compileSort(sort: readonly string[], columns: Columns): Sql[] {
  const fields = sort.map((name) => (name.startsWith('-') ? { path: name.slice(1), way: ' DESC' } : { path: name, way: '' }));
  if (fields.length > 0 && !fields.some(({ path }) => path === 'id')) fields.push({ path: 'id', way: '' });
  return fields.map(({ path, way }) =>
    columns.has(path) ? sql(`${quoted(path)}${way}`) : sql(`json_extract(doc, ?)${way}`, jsonPath(path)),
  );
}

/** A count of records; moleculer-db says null where it means none. */
function whole(value: unknown, name: string, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new RecordsError('records.query-invalid', `${name} takes a whole number from 0`);
}

/** A SELECT of documents. `limit` 0 is no limit, as in MongoDB and moleculer-db. */
export function compileFind(table: string, options: FindOptions, columns: Columns): Sql {
  const where = compileQuery(options.query ?? {}, columns);
  const order = compileSort(options.sort ?? [], columns);
  const limit = whole(options.limit, 'limit', 0) || -1;
  const name = quoted(table);
  const orderBy = order.length > 0 ? ` ORDER BY ${order.map(({ text }) => text).join(', ')}` : '';
  // Documents are read only once the page is known: a sort that carries them along takes hundreds of MB at 100,000 records.
  const page = `SELECT rid FROM ${name} WHERE ${where.text}${orderBy} LIMIT ? OFFSET ?`;
  return sql(
    `SELECT (SELECT d.doc FROM ${name} AS d WHERE d.rid = page.rid) FROM (${page}) AS page`,
    ...where.params,
    ...order.flatMap(({ params }) => params),
    limit,
    whole(options.offset, 'offset', 0),
  );
}
