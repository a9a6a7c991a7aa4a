import { RecordsError, type Query } from '../port.ts';
import { compileCondition } from './compile-condition.ts';
import type { Columns } from './schema.ts';
import { combined, type Sql } from './sql.ts';

const isQuery = (value: unknown): value is Query => typeof value === 'object' && value !== null && !Array.isArray(value);

function compileBranches(key: '$and' | '$or', branches: unknown, columns: Columns): Sql {
  if (!Array.isArray(branches) || branches.length === 0 || !branches.every(isQuery))
    throw new RecordsError('records.query-invalid', `${key} takes a list of at least one query`);
  return combined(
    key === '$and' ? 'AND' : 'OR',
    branches.map((branch) => compileQuery(branch, columns)),
  );
}

/** A query as the condition of a WHERE: names from the declaration or checked, values always bound. */
export function compileQuery(query: Query, columns: Columns): Sql {
  if (!isQuery(query)) throw new RecordsError('records.query-invalid', 'a query is an object of paths and conditions');
  const parts = Object.entries(query).map(([key, condition]) =>
    key === '$and' || key === '$or' ? compileBranches(key, condition, columns) : compileCondition(key, condition, columns),
  );
  return combined('AND', parts);
}
