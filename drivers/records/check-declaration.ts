import { keysOf } from './paths.ts';
import type { Collection } from './port.ts';

/** Thrown for a declaration that makes no sense: a mistake in the code that wrote it, so the boot stops. */
export function checkDeclaration({ name, hot, indexes = [], unique = [] }: Collection): void {
  if (!/^[a-z][a-z0-9_]{0,59}$/.test(name))
    throw new Error(`'${name}' cannot name a collection: use lower case, digits and _, a letter first`);
  for (const field of Object.keys(hot)) keysOf(field);
  for (const field of [...indexes.flat(), ...unique]) {
    if (field !== 'id' && !Object.hasOwn(hot, field))
      throw new Error(`collection '${name}' indexes '${field}': declare it as hot first`);
  }
}
