import { RecordsError, type Update } from '../port.ts';
import { jsonPath, parentsOf } from './paths.ts';
import { combined, sql, type Sql } from './sql.ts';

const invalid = (message: string): RecordsError => new RecordsError('records.query-invalid', message);

function checkPaths(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    if (path === 'id' || path.startsWith('id.')) throw invalid('a record keeps its id: remove it and insert another');
    if (seen.has(path)) throw invalid(`'${path}' is updated twice in one update`);
    seen.add(path);
  }
  for (const path of paths) {
    const above = parentsOf(path).find((parent) => seen.has(parent));
    if (above !== undefined) throw invalid(`'${above}' and '${path}' below it cannot be updated in one update`);
  }
}

function operand(update: Update, operator: keyof Update): [path: string, value: unknown][] {
  const value: unknown = update[operator] ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${operator} takes an object of paths`);
  const entries: [string, unknown][] = Object.entries(value);
  return entries.filter(([, of]) => of !== undefined);
}

function summandOf([path, by]: [string, unknown]): [path: string, by: number] {
  if (typeof by !== 'number' || !Number.isFinite(by)) throw invalid(`$inc of '${path}' takes a finite number`);
  return [path, by];
}

/**
 * An update as an expression of the new document, or null where it changes nothing. Only the named paths are touched, and
 * objects missing on the way are made. The expression is NULL, which the table refuses, where a path leads through
 * something that is no object (a list too), or `$inc` meets something that is no number.
 */
export function compileUpdate(update: Update): Sql | null {
  const stray = Object.keys(update).find((key) => key !== '$set' && key !== '$unset' && key !== '$inc');
  if (stray !== undefined) throw invalid(`'${stray}' is not understood: an update takes $set, $unset and $inc, by path`);
  const set = operand(update, '$set');
  const inc = operand(update, '$inc').map(summandOf);
  const unset = operand(update, '$unset').map(([path]) => path);
  const written = [...set, ...inc].map(([path]) => path);
  checkPaths([...written, ...unset]);
  if (written.length + unset.length === 0) return null;

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
