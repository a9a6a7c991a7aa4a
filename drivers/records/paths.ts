import { RecordsError } from './port.ts';

const segment = /^[A-Za-z0-9_-]{1,100}$/;

/** The keys of a dotted path. Only letters, digits, `_` and `-` may stand in one, so that no path needs escaping anywhere. */
export function keysOf(path: string): string[] {
  const keys = path.split('.');
  if (keys.every((key) => segment.test(key))) return keys;
  throw new RecordsError('records.query-invalid', `'${path}' is no path: join keys of letters, digits, _ and - with dots`);
}

/** The paths above one: `a` and `a.b` of `a.b.c`. */
export function parentsOf(path: string): string[] {
  const keys = keysOf(path);
  return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join('.'));
}
