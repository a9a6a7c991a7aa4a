import { parseQuery } from '../parse-query.ts';
import type { Query } from '../port.ts';
import { compileCondition } from './compile-condition.ts';
import type { Columns } from './schema.ts';
import { combined, type Sql } from './sql.ts';

/** A query as the condition of a WHERE: names from the declaration or checked, values always bound. */
export function compileQuery(query: Query, columns: Columns): Sql {
  const compiled = (queries: readonly Query[]): Sql[] => queries.map((one) => compileQuery(one, columns));
  const parts = parseQuery(query).map((clause) => {
    if ('all' in clause) return combined('AND', compiled(clause.all));
    if ('any' in clause) return combined('OR', compiled(clause.any));
    return compileCondition(clause.path, clause.tests, columns);
  });
  return combined('AND', parts);
}
