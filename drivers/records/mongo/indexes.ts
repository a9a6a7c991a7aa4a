import type { Collection as MongoCollection, IndexDescription } from 'mongodb';
import type { Collection } from '../port.ts';
import type { Stored } from './adapter.ts';
import { storedPath } from './stored.ts';

const ascending = (fields: readonly string[]): Record<string, 1> =>
  Object.fromEntries(fields.map((field) => [storedPath(field), 1 as const]));

/**
 * Each index ends in the id, by which ties are broken. Uniqueness is sparse, so that records without the field are many; a partial
 * index would let nulls be many too, but not all servers that speak the protocol keep to its filter.
 */
export const indexesOf = ({ indexes = [], unique = [] }: Collection): IndexDescription[] => [
  ...indexes.map((fields) => ({ name: `by ${fields.join(', ')}`, key: ascending([...fields, 'id']) })),
  ...unique.map((field) => ({ name: `unique ${field}`, key: ascending([field]), unique: true, sparse: true })),
];

/**
 * Makes what is missing and leaves what is there: an index's name says all of it, so several nodes may do this at once. What is no
 * longer declared stays, as a node of the version before may still live by it.
 */
export async function makeIndexes(stored: MongoCollection<Stored>, declared: Collection): Promise<void> {
  const wanted = indexesOf(declared);
  if (wanted.length > 0) await stored.createIndexes(wanted);
}
