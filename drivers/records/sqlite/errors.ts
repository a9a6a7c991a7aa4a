import Database from 'better-sqlite3';
import { RecordsError } from '../port.ts';

/** What SQLite throws, in the port's words where it has one. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
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
