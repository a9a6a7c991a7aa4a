import { RecordsError } from '../port.ts';

// Not by instanceof: better-sqlite3 throws the class of whoever loaded it first in this process, which may be another realm.
const isSqliteError = (error: unknown): error is { code: string; message: string } =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('SQLITE_');

/** What SQLite throws, in the port's words where it has one. */
export function translated(error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  if (error.code === 'SQLITE_CONSTRAINT_UNIQUE') {
    const field = error.message.replace(/^.*: \w+\./, '');
    return new RecordsError('records.duplicate', `another record has the same '${field}'`, { cause: error });
  }
  if (error.code === 'SQLITE_CONSTRAINT_NOTNULL') {
    const message = 'the update leads through a value that is no object, or adds to one that is no number: $set that value whole';
    return new RecordsError('records.query-invalid', message, { cause: error });
  }
  return error;
}
