import { parsePage } from '../parse-find.ts';
import type { FindOptions } from '../port.ts';
import { compileQuery } from './compile-query.ts';
import { jsonPath } from './paths.ts';
import { quoted, type Columns } from './schema.ts';
import { sql, type Sql } from './sql.ts';

/** A SELECT of documents. */
export function compileFind(table: string, options: FindOptions, columns: Columns): Sql {
  const where = compileQuery(options.query ?? {}, columns);
  const page = parsePage(options);
  const order = page.order.map(({ path, descending }) => {
    const way = descending ? ' DESC' : '';
    return columns.has(path) ? sql(`${quoted(path)}${way}`) : sql(`json_extract(doc, ?)${way}`, jsonPath(path));
  });
  const name = quoted(table);
  const orderBy = order.length > 0 ? ` ORDER BY ${order.map(({ text }) => text).join(', ')}` : '';
  // Documents are read only once the page is known: a sort that carries them along takes hundreds of MB at 100,000 records.
  const rids = `SELECT rid FROM ${name} WHERE ${where.text}${orderBy} LIMIT ? OFFSET ?`;
  return sql(
    `SELECT (SELECT d.doc FROM ${name} AS d WHERE d.rid = page.rid) FROM (${rids}) AS page`,
    ...where.params,
    ...order.flatMap(({ params }) => params),
    page.limit || -1,
    page.offset,
  );
}
