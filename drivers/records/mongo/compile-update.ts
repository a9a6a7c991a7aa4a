import type { Filter, UpdateFilter } from 'mongodb';
import { parseUpdate } from '../parse-update.ts';
import { parentsOf } from '../paths.ts';
import type { Update } from '../port.ts';
import type { Stored } from './adapter.ts';
import { plain, storedPath } from './stored.ts';

export interface CompiledUpdate {
  update: UpdateFilter<Stored>;
  /** Filters for records on which the update cannot be done, but which MongoDB, or a server that speaks its protocol, would change. */
  blocked: Filter<Stored>[];
}

/** An update in MongoDB's words, with each value a copy of the caller's, or null where it changes nothing. */
export function compileUpdate(update: Update): CompiledUpdate | null {
  const changes = parseUpdate(update);
  if (!changes) return null;
  const { set, inc, unset } = changes;
  const $set = Object.fromEntries(set.map(([path, value]) => [storedPath(path), plain(value)]));
  const $inc = Object.fromEntries(inc.map(([path, by]) => [storedPath(path), by]));
  const $unset = Object.fromEntries(unset.map((path) => [storedPath(path), true as const]));
  const through = new Set([...set, ...inc].flatMap(([path]) => parentsOf(path)));
  const taken = new Set(unset.flatMap(parentsOf));
  return {
    update: {
      ...(set.length > 0 && { $set }),
      ...(inc.length > 0 && { $inc }),
      ...(unset.length > 0 && { $unset }),
    } as UpdateFilter<Stored>,
    // Paths lead through objects only: `list.0` is no element of a list, and null is not made an object.
    blocked: [
      ...[...through].map((path): Filter<Stored> => ({ [path]: { $type: ['array', 'null'] } })),
      ...[...taken].map((path): Filter<Stored> => ({ [path]: { $type: 'array' } })),
      ...inc.map(([path]): Filter<Stored> => ({ [path]: { $type: 'null' } })),
    ],
  };
}
