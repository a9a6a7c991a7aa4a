import { isDeepStrictEqual } from 'node:util';
import type { MongoClient } from 'mongodb';
import { checkDeclaration } from '../check-declaration.ts';
import type { Collection, RecordStore } from '../port.ts';
import { MongoAdapter, type Stored } from './adapter.ts';
import { attendant } from './attend.ts';
import { databaseOf, mongoClient } from './client.ts';
import { closedError } from './errors.ts';
import { makeIndexes } from './indexes.ts';
import { openRecords, type MongoRecords } from './records.ts';

export interface MongoRecordsOptions {
  /** `mongodb://…`; its path names the database, `vitrail` where there is none. */
  url: string;
  /** Per server; more operations wait for one to be free. */
  maxConnections?: number;
  /** After this many ms an operation on a record, or a read, rejects with `records.unavailable`. */
  timeoutMs?: number;
}

/** All collections of a database; their indexes are made as they are first asked for. */
export interface MongoRecordStore extends RecordStore {
  collection<T extends { id: string }>(collection: Collection): MongoRecords<T>;
  /** Resolves when the server answers, else rejects with `records.unavailable`. */
  ping(): Promise<void>;
}

/** How long an operation waits for earlier ones of this process before it overtakes them. */
const orderPatienceMs = 2_000;

/**
 * Opens records in MongoDB 4.4 or later, or a server that speaks its protocol; many processes may share them.
 * @throws RecordsError `records.unavailable` where there is no answer: nothing is left open then, and it can be tried again. Once
 * open, a store goes on by itself whenever its server is back.
 */
export async function openMongoRecords({
  url,
  maxConnections = 20,
  timeoutMs = 10_000,
}: MongoRecordsOptions): Promise<MongoRecordStore> {
  const client = mongoClient({ url, maxConnections, timeoutMs });
  const store = openStore(client, databaseOf(url), timeoutMs);
  try {
    await store.ping();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

function openStore(client: MongoClient, database: string, timeoutMs: number): MongoRecordStore {
  const db = client.db(database);
  const { attend, close } = attendant({ where: client.options.hosts.join(', '), timeoutMs });
  const opened = new Map<string, { declared: Collection; records: MongoRecords<{ id: string }> }>();
  let closing: Promise<void> | undefined;

  function open(declared: Collection): MongoRecords<{ id: string }> {
    checkDeclaration(declared);
    const stored = db.collection<Stored>(declared.name);
    let made: Promise<void> | undefined;
    // Tried again by the next operation where it fails.
    const ready = (): Promise<void> =>
      (made ??= makeIndexes(stored, declared).catch((error: unknown) => {
        made = undefined;
        throw error;
      }));
    ready().catch(() => undefined);
    return openRecords({ adapter: new MongoAdapter(stored, timeoutMs), attend, ready, orderPatienceMs });
  }

  return {
    collection<T extends { id: string }>(declared: Collection): MongoRecords<T> {
      if (closing) throw closedError();
      const known = opened.get(declared.name);
      if (known && !isDeepStrictEqual(known.declared, declared))
        throw new Error(`collection '${declared.name}' is declared in two ways: share one declaration`);
      const records = known?.records ?? open(declared);
      opened.set(declared.name, { declared, records });
      return records as unknown as MongoRecords<T>;
    },
    ping: () =>
      attend(async () => {
        await db.command({ ping: 1 });
      }, 'short'),
    close: () => (closing ??= close().then(() => client.close())),
  };
}
