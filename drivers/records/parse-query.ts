import { parseCondition, type Test } from './parse-condition.ts';
import { RecordsError, type Query } from './port.ts';

/** What has to hold for a record to fit: tests of one path, or all or any of some queries. */
export type Clause = { path: string; tests: readonly Test[] } | { all: readonly Query[] } | { any: readonly Query[] };

const isQuery = (value: unknown): value is Query => typeof value === 'object' && value !== null && !Array.isArray(value);

function branches(key: string, value: unknown): readonly Query[] {
  if (Array.isArray(value) && value.length > 0 && value.every(isQuery)) return value;
  throw new RecordsError('records.query-invalid', `${key} takes a list of at least one query`);
}

/** A query taken apart by its keys. Paths are not looked at; queries within queries are parsed in their turn. */
export function parseQuery(query: unknown): Clause[] {
  if (!isQuery(query)) throw new RecordsError('records.query-invalid', 'a query is an object of paths and conditions');
  return Object.entries(query).map(([key, value]): Clause => {
    if (key === '$and') return { all: branches(key, value) };
    if (key === '$or') return { any: branches(key, value) };
    return { path: key, tests: parseCondition(key, value) };
  });
}
