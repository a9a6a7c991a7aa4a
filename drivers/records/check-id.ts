import { RecordsError } from './port.ts';

/** @throws RecordsError `records.query-invalid` for what is no text, or none at all */
export function checkedId(id: unknown): string {
  if (typeof id === 'string' && id !== '') return id;
  throw new RecordsError('records.query-invalid', 'a record needs an id of text: give it one, a ULID for instance');
}
