import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  MongoWriteConcernError,
} from 'mongodb';
import { RecordsError } from '../port.ts';

const closed = new Set(['MongoClientClosedError', 'MongoTopologyClosedError', 'MongoNotConnectedError', 'MongoPoolClosedError']);

/** Codes of a server that goes down, is no primary any more or gave up (mongodb/mongo, src/mongo/base/error_codes.yml). */
const awayCodes = new Set([6, 7, 50, 64, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
const notDone = new Set([14, 28]); // TypeMismatch, PathNotViable
const tooLarge = new Set([10334, 17419, 17420]);

const codeOf = (error: MongoError): number => Number(error.code);

function isAway(error: MongoError): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  // The client does not export that one.
  if (error instanceof MongoWriteConcernError || error.name === 'MongoWaitQueueTimeoutError') return true;
  return error instanceof MongoServerError && (awayCodes.has(codeOf(error)) || error.hasErrorLabel('RetryableWriteError'));
}

/** The field, from `… index: unique sha256 dup key: …`; the index of ids is called `_id_`. */
function duplicateField({ message }: MongoError): string {
  const [, index = ''] = /index: (.+?) dup key/.exec(message) ?? [];
  return index.startsWith('_id') || index === '' ? 'id' : index.replace(/^unique /, '');
}

/** Without its cause, which holds a picture of the whole deployment; the client's messages name hosts, never credentials. */
export const unavailable = (where: string, reason: string): RecordsError =>
  new RecordsError('records.unavailable', `the records at ${where} cannot be reached or do not answer: ${reason}`);

/** What the client throws, in the port's words where it has one. */
export function translated(error: unknown, where: string): unknown {
  if (!(error instanceof MongoError)) return error;
  // An error of the client's own in the middle of many is wrapped in one that looks like the server's.
  if (error instanceof MongoBulkWriteError && error.errorResponse instanceof MongoError)
    return translated(error.errorResponse, where);
  // Without its cause, which shows all of the records that were to be inserted.
  if (codeOf(error) === 11000)
    return new RecordsError('records.duplicate', `another record has the same '${duplicateField(error)}'`);
  if (notDone.has(codeOf(error))) return notDoneError(error);
  if (tooLarge.has(codeOf(error)))
    return new RecordsError('records.query-invalid', 'a record can have 16 MB at most', { cause: error });
  if (closed.has(error.name)) return closedError();
  return isAway(error) ? unavailable(where, error.message) : error;
}

export const closedError = (): RecordsError =>
  new RecordsError('records.closed', 'the records are closed: finish work before closing the store');

export const notDoneError = (cause?: unknown): RecordsError =>
  new RecordsError(
    'records.query-invalid',
    'the update leads through a value that is no object, or adds to one that is no number: $set that value whole',
    { cause },
  );
