import type { Collection, Query } from '../drivers/records/port.ts';
import { keys } from '../services/api/kept-answers.ts';
import { uploads } from '../services/ingest/uploads.ts';
import { assets } from '../services/media/asset-records.ts';
import { atRest, ledger } from '../services/pipeline/ledger.ts';
import { pauses } from '../services/pipeline/lanes.ts';
import { manifestsInForce } from '../services/pipeline/memory.ts';
import { turnRows } from '../services/tags/shared-turns.ts';
import { catalogue } from '../services/tags/tag-records.ts';

export interface Entity {
  id: string;
}

/** A collection that belongs to the data, wherever they are kept. */
export interface Kept {
  collection: Collection;
  /** A record as it is where no node is at work. */
  atRest(record: Entity): Entity;
}

/** Records come as they were written by the service that declares the collection. */
const kept = <T extends Entity>(collection: Collection, rest?: (record: T) => T): Kept => ({
  collection,
  atRest: (record) => rest?.(record as T) ?? record,
});

/** Every collection that is data, what is referred to before what refers to it: an asset that is there has all that belongs to it. */
export const keptCollections: readonly Kept[] = [kept(manifestsInForce), kept(catalogue), kept(ledger, atRest), kept(assets)];

/** A collection that is about what nodes are doing, with the records, if any, that have to be worked off before data are taken elsewhere. */
export interface Passing {
  collection: Collection;
  unfinished?: Query;
}

export const passingCollections: readonly Passing[] = [
  { collection: uploads, unfinished: { state: 'stored' } },
  { collection: keys },
  { collection: turnRows },
  { collection: pauses },
];
