import { checkedId } from '../check-id.ts';
import { keysOf } from '../paths.ts';
import { RecordsError } from '../port.ts';
import type { Stored } from './adapter.ts';

/** Names the call of `insertMany` that a record came with; see `insertAll`. Never seen outside. */
export const batchField = '_batch';

const taken = (key: string | undefined): boolean => key === '_id' || key === batchField;

/** A path where MongoDB has it: `id` is `_id`. What is kept beside the record cannot be named. */
export function storedPath(path: string): string {
  const [first] = keysOf(path);
  if (taken(first)) throw new RecordsError('records.query-invalid', `'${path}' is MongoDB's own: the record's id is 'id'`);
  return path === 'id' ? '_id' : path;
}

/** A value as JSON has it, apart from the caller's: undefined is dropped, dates are text. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

/** @throws RecordsError `records.query-invalid` for a record without an id, or with a field that is MongoDB's own. */
export function toStored(record: { id: string }): Stored {
  const { id, ...fields } = plain(record) as { id: unknown };
  const own = Object.keys(fields).find(taken);
  if (own !== undefined) throw new RecordsError('records.query-invalid', `a record cannot have a field '${own}'`);
  return { _id: checkedId(id), ...fields };
}

/** The store does not know what the caller keeps in it; what comes out is what went in. */
export function toRecord<T extends { id: string }>({ _id, [batchField]: _batch, ...fields }: Stored): T {
  return { id: _id, ...fields } as unknown as T;
}
