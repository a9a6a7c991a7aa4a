import { SearchError } from '../../drivers/search/port.ts';
import { cursorInvalid } from '../contracts/cursor.ts';
import { VitrailError } from '../contracts/errors.ts';

/** What a client did wrong, in the words of the error table; anything else, a server that is away too, stays what it is. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof SearchError)) return error;
  switch (error.code) {
    case 'search.cursor-invalid':
      return cursorInvalid();
    case 'search.field-unknown':
    case 'search.query-invalid':
      return new VitrailError('params.invalid', error.message);
    case 'search.unavailable':
      return error;
  }
}

export function refuse(error: unknown): never {
  throw refusalOf(error);
}
