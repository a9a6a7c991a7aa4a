import { RecordsError, type Scalar } from './port.ts';

export type Comparison = '$gt' | '$gte' | '$lt' | '$lte';

/** One operator of a condition, with an operand of the right kind. */
export type Test =
  | { operator: '$eq' | '$ne' | Comparison; value: Scalar }
  | { operator: '$in' | '$nin'; values: readonly Scalar[] }
  | { operator: '$exists'; value: boolean };

const invalid = (message: string): RecordsError => new RecordsError('records.query-invalid', message);

function scalar(value: unknown, path: string): Scalar {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalid(`'${path}' can be compared with text, a finite number, true, false or null; leave the key out to ask for any`);
}

function testOf(operator: string, value: unknown, path: string): Test {
  switch (operator) {
    case '$eq':
    case '$ne':
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return { operator, value: scalar(value, path) };
    case '$in':
    case '$nin':
      if (!Array.isArray(value)) throw invalid(`$in and $nin on '${path}' take a list`);
      return { operator, values: value.map((one) => scalar(one, path)) };
    case '$exists':
      if (typeof value !== 'boolean') throw invalid(`$exists on '${path}' takes true or false`);
      return { operator, value };
    default:
      throw invalid(`'${operator}' on '${path}' is not understood: use $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin or $exists`);
  }
}

/** What a query says of one path, operator by operator; a bare value is `$eq`. Throws `records.query-invalid` for anything else. */
export function parseCondition(path: string, condition: unknown): Test[] {
  if (typeof condition !== 'object' || condition === null) return [{ operator: '$eq', value: scalar(condition, path) }];
  const operators = Object.entries(condition);
  if (Array.isArray(condition) || operators.length === 0)
    throw invalid(`'${path}' takes a value or operators, no list or empty object`);
  return operators.map(([operator, value]) => testOf(operator, value, path));
}
