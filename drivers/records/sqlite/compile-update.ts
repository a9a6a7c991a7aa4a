import { parseUpdate } from '../parse-update.ts';
import { parentsOf } from '../paths.ts';
import type { Update } from '../port.ts';
import { jsonPath } from './paths.ts';
import { combined, sql, type Sql } from './sql.ts';

/**
 * An update as an expression of the new document, or null where it changes nothing. Only the named paths are touched, and
 * objects missing on the way are made. The expression is NULL, which the table refuses, where a path leads through
 * something that is no object (a list too), or `$inc` meets something that is no number.
 */
export function compileUpdate(update: Update): Sql | null {
  const changes = parseUpdate(update);
  if (!changes) return null;
  const { set, inc, unset } = changes;
  const written = [...set, ...inc].map(([path]) => path);

  const assignments: Sql[] = [
    ...set.map(([path, value]) => sql('?, json(?)', jsonPath(path), JSON.stringify(value))),
    ...inc.map(([path, by]) => sql('?, coalesce(json_extract(doc, ?), 0) + ?', jsonPath(path), jsonPath(path), by)),
  ];
  const guards: Sql[] = [
    ...[...new Set(written.flatMap(parentsOf))].map((path) =>
      sql(`coalesce(json_type(doc, ?), 'object') = 'object'`, jsonPath(path)),
    ),
    ...inc.map(([path]) => sql(`coalesce(json_type(doc, ?), 'integer') IN ('integer', 'real')`, jsonPath(path))),
  ];
  const call = (name: string, subject: Sql, args: readonly Sql[]): Sql =>
    args.length === 0
      ? subject
      : sql(
          `${name}(${[subject, ...args].map(({ text }) => text).join(', ')})`,
          ...[subject, ...args].flatMap(({ params }) => params),
        );
  const changed = call('json_set', sql('doc'), assignments);
  const guard = combined('AND', guards);
  const doc = call(
    'json_remove',
    changed,
    unset.map((path) => sql('?', jsonPath(path))),
  );
  return sql(`CASE WHEN ${guard.text} THEN ${doc.text} END`, ...guard.params, ...doc.params);
}
