import type { Filter } from 'mongodb';
import type { Test } from '../parse-condition.ts';
import { parsePage } from '../parse-find.ts';
import { parseQuery } from '../parse-query.ts';
import type { FindOptions, Query } from '../port.ts';
import type { Find, Stored } from './adapter.ts';
import { storedPath } from './stored.ts';

type Operator = [name: string, operand: unknown];

/** What is missing counts as null, and nothing is more or less than it: so comparisons with null are said as equalities. */
function operatorOf(test: Test): Operator {
  if ('values' in test) return [test.operator, test.values];
  const { operator, value } = test;
  if (value === null && (operator === '$gte' || operator === '$lte')) return ['$in', [null]];
  if (value === null && (operator === '$gt' || operator === '$lt')) return ['$in', []];
  return [operator, value];
}

/** A lone `$eq` is said by its value, which is a scalar: every server finds the index for that. */
function conditionOf(operators: readonly Operator[]): unknown {
  const [first] = operators;
  return operators.length === 1 && first?.[0] === '$eq' ? first[1] : Object.fromEntries(operators);
}

/** One condition, or several where an operator is there twice. */
function conditionsOf(tests: readonly Test[]): unknown[] {
  const operators = tests.map(operatorOf);
  const names = new Set(operators.map(([name]) => name));
  return names.size === operators.length ? [conditionOf(operators)] : operators.map((one) => conditionOf([one]));
}

/** A filter of the port's operators alone, made anew: nothing of the caller's objects gets to the server as it is. */
export function compileQuery(query: Query): Filter<Stored> {
  const fields = new Map<string, unknown>();
  const and: Filter<Stored>[] = [];
  for (const clause of parseQuery(query)) {
    if ('all' in clause) and.push(...clause.all.map(compileQuery));
    else if ('any' in clause) and.push({ $or: clause.any.map(compileQuery) });
    else {
      const path = storedPath(clause.path);
      const [first, ...more] = conditionsOf(clause.tests);
      fields.set(path, first);
      and.push(...more.map((condition): Filter<Stored> => ({ [path]: condition })));
    }
  }
  return { ...Object.fromEntries(fields), ...(and.length > 0 && { $and: and }) };
}

export function compileFind(options: FindOptions): Find {
  const { order, limit, offset } = parsePage(options);
  const sort = order.map(({ path, descending }) => `${descending ? '-' : ''}${storedPath(path)}`);
  return { query: compileQuery(options.query ?? {}), sort, limit, offset };
}
