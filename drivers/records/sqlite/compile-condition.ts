import type { Comparison, Test } from '../parse-condition.ts';
import type { Scalar } from '../port.ts';
import { jsonPath } from './paths.ts';
import { quoted, type Columns, type HotType } from './schema.ts';
import { combined, not, sql, type Bound, type Sql } from './sql.ts';

type Value = Exclude<Scalar, null>;
const comparisons = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' } as const satisfies Record<Comparison, string>;

/** What can be asked of a field, before nulls and lists of mixed types are taken apart. */
interface Field {
  isNull(): Sql;
  exists(): Sql;
  compare(operator: '=' | (typeof comparisons)[Comparison], value: Value): Sql;
  isIn(values: readonly Value[], type: HotType): Sql;
}

const typeOf = (value: Value): HotType => (typeof value === 'string' ? 'text' : (typeof value as 'number' | 'boolean'));
const bound = (value: Value): Bound => (typeof value === 'boolean' ? Number(value) : value);
const jsonTypes = { text: "'text'", number: "'integer', 'real'", boolean: "'true', 'false'" } as const satisfies Record<
  HotType,
  string
>;

/**
 * A field that lives in the document only. As in MongoDB a condition on a list holds when it holds for one of its elements;
 * paths do not walk through lists of objects.
 */
function documentField(path: string): Field {
  const json = jsonPath(path);
  // json_each gives a list's elements, or a lone value as its only one; an object's members carry text keys and do not count.
  const some = (test: Sql): Sql =>
    sql(`EXISTS (SELECT 1 FROM json_each(doc, ?) AS e WHERE typeof(e.key) <> 'text' AND ${test.text})`, json, ...test.params);
  return {
    isNull: () => combined('OR', [sql('json_type(doc, ?) IS NULL', json), some(sql(`e.type = 'null'`))]),
    exists: () => sql('json_type(doc, ?) IS NOT NULL', json),
    compare: (operator, value) => some(sql(`e.type IN (${jsonTypes[typeOf(value)]}) AND e.value ${operator} ?`, bound(value))),
    isIn: (values, type) =>
      some(sql(`e.type IN (${jsonTypes[type]}) AND e.value IN (SELECT value FROM json_each(?))`, JSON.stringify(values))),
  };
}

/** A hot field: what is of its declared type is asked of the column, and so of its indexes. Hot fields hold no lists. */
function hotField(path: string, type: HotType): Field {
  const column = quoted(path);
  const document = documentField(path);
  return {
    isNull: () => sql(`${column} IS NULL`),
    exists: () => combined('OR', [sql(`${column} IS NOT NULL`), document.exists()]),
    compare(operator, value) {
      if (typeOf(value) !== type) return document.compare(operator, value);
      // Values of other types stand in the column as BLOBs, which are greater than all others.
      const likeOnly = operator === '>' || operator === '>=' ? ` AND ${column} < x''` : '';
      return sql(`${column} ${operator} ?${likeOnly}`, bound(value));
    },
    isIn: (values, of) =>
      of === type ? sql(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values)) : document.isIn(values, of),
  };
}

function equals(field: Field, value: Scalar): Sql {
  return value === null ? field.isNull() : field.compare('=', value);
}

function anyOf(field: Field, values: readonly Scalar[]): Sql {
  const parts = (['text', 'number', 'boolean'] as const).flatMap((type) => {
    const like = values.filter((value) => value !== null).filter((value) => typeOf(value) === type);
    const [only] = like;
    if (only === undefined) return [];
    return [like.length === 1 ? field.compare('=', only) : field.isIn(like, type)];
  });
  return combined('OR', values.includes(null) ? [...parts, field.isNull()] : parts);
}

function compare(field: Field, operator: Comparison, value: Scalar): Sql {
  if (value !== null) return field.compare(comparisons[operator], value);
  return operator === '$gte' || operator === '$lte' ? field.isNull() : sql('FALSE');
}

function compileTest(field: Field, test: Test): Sql {
  switch (test.operator) {
    case '$eq':
      return equals(field, test.value);
    case '$ne':
      return not(equals(field, test.value));
    case '$in':
      return anyOf(field, test.values);
    case '$nin':
      return not(anyOf(field, test.values));
    case '$exists':
      return test.value ? field.exists() : not(field.exists());
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return compare(field, test.operator, test.value);
  }
}

/** What a query says of one path, with MongoDB's semantics: null and negations match missing fields, types are never mixed. */
export function compileCondition(path: string, tests: readonly Test[], columns: Columns): Sql {
  const type = columns.get(path);
  const field = type ? hotField(path, type) : documentField(path);
  return combined(
    'AND',
    tests.map((test) => compileTest(field, test)),
  );
}
