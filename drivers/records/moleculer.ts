import { isDeepStrictEqual } from 'node:util';
import type { Collection, Records, RecordStore } from './port.ts';

interface Entity {
  id: string;
}

/** A collection, with what moleculer-db 0.9 asks of its `adapter` besides; `settings.idField` has to be `id`. */
export interface Adapter<T extends Entity> extends Records<T> {
  init(): void;
  connect(): Promise<void>;
  /** Leaves what is shared open: `RecordStore.close` closes it. */
  disconnect(): Promise<void>;
  clear(): Promise<number>;
  entityToObject(entity: T): T;
  beforeSaveTransformID(entity: T): T;
  afterRetrieveTransformID(entity: T): T;
}

/** A store whose collections moleculer-db takes as they are. */
export interface AdapterStore extends RecordStore {
  collection<T extends Entity>(collection: Collection): Adapter<T>;
}

/** Records as an adapter: they are connected already, and keyed as they come. */
export const adapterOf = <T extends Entity>(records: Records<T>): Adapter<T> => ({
  ...records,
  init: () => undefined,
  connect: () => Promise.resolve(),
  disconnect: () => Promise.resolve(),
  clear: () => records.removeMany({}),
  entityToObject: (entity) => entity,
  beforeSaveTransformID: (entity) => entity,
  afterRetrieveTransformID: (entity) => entity,
});

/** The collections of a store, each opened once, by one declaration. */
export function collections(open: (declared: Collection) => Adapter<Entity>): AdapterStore['collection'] {
  const opened = new Map<string, { declared: Collection; records: Adapter<Entity> }>();
  return <T extends Entity>(declared: Collection): Adapter<T> => {
    const known = opened.get(declared.name);
    if (known && !isDeepStrictEqual(known.declared, declared))
      throw new Error(`collection '${declared.name}' is declared in two ways: share one declaration`);
    const records = known?.records ?? open(declared);
    opened.set(declared.name, { declared, records });
    // The store does not know what the caller keeps in it; what comes out is what went in.
    return records as unknown as Adapter<T>;
  };
}
