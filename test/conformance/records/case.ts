import assert from 'node:assert/strict';
import {
  RecordsError,
  type Collection,
  type Query,
  type Records,
  type RecordsErrorCode,
  type RecordStore,
} from '../../../drivers/records/port.ts';

/** Opens a store with nothing in it. */
export type OpenRecords = () => Promise<RecordStore>;

export interface RecordsCase {
  title: string;
  run(open: OpenRecords): Promise<void>;
}

/** A record of the suite: hot fields of each type, and a document around them. */
export interface Thing {
  id: string;
  sha256?: string;
  status?: string | null;
  rank?: number;
  rev?: number;
  flag?: boolean;
  [key: string]: unknown;
}

export const things: Collection = {
  name: 'things',
  hot: { sha256: 'text', status: 'text', rank: 'number', rev: 'number', flag: 'boolean', 'size.width': 'number' },
  indexes: [['status', 'rank'], ['rank'], ['size.width']],
  unique: ['sha256'],
};

/** A case that needs one store, closed after it. */
export const withRecords = (
  title: string,
  check: (records: Records<Thing>, store: RecordStore) => Promise<void>,
): RecordsCase => ({
  title,
  async run(open) {
    const store = await open();
    try {
      await check(store.collection<Thing>(things), store);
    } finally {
      await store.close();
    }
  },
});

export const ids = (records: readonly { id: string }[]): string[] => records.map(({ id }) => id);

/** The ids of the records that fit, in order and with spaces between them. */
export const fitting = async (records: Records<Thing>, query: Query): Promise<string> =>
  ids(await records.find({ query }))
    .sort()
    .join(' ');

export async function rejects(work: () => Promise<unknown>, code: RecordsErrorCode): Promise<void> {
  await assert.rejects(work, (error) => error instanceof RecordsError && error.code === code);
}
