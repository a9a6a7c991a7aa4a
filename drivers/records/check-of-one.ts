import { RecordsError, type Query } from './port.ts';

/** @throws RecordsError `records.query-invalid` where a query names no record: an update by it could be of any number of them. */
export function checkOfOne(query: Query): void {
  if (typeof query.id !== 'string') throw new RecordsError('records.query-invalid', 'an update of one record names it by its id');
}
