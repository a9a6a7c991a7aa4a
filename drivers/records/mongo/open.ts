import type { MongoClient } from 'mongodb';
import { checkDeclaration } from '../check-declaration.ts';
import { type Adapter, adapterOf, type AdapterStore, collections } from '../moleculer.ts';
import type { Collection } from '../port.ts';
import { MongoAdapter, type Stored } from './adapter.ts';
import { attendant } from './attend.ts';
import { databaseOf, mongoClient } from './client.ts';
import { closedError } from './errors.ts';
import { makeIndexes } from './indexes.ts';
import { openRecords } from './records.ts';

export interface MongoRecordsOptions {
  /** `mongodb://…`; its path names the database, `vitrail` where there is none. */
  url: string;
  /** Per server; more operations wait for one to be free. */
  maxConnections?: number;
  /** After this many ms an operation on a record, or a read, rejects with `records.unavailable`. */
  timeoutMs?: number;
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
}: MongoRecordsOptions): Promise<AdapterStore> {
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

/** All collections of a database; their indexes are made as they are first asked for. */
function openStore(client: MongoClient, database: string, timeoutMs: number): AdapterStore {
  const db = client.db(database);
  const { attend, close } = attendant({ where: client.options.hosts.join(', '), timeoutMs });
  let closing: Promise<void> | undefined;

  function open(declared: Collection): Adapter<{ id: string }> {
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
    return adapterOf(openRecords({ adapter: new MongoAdapter(stored, timeoutMs), attend, ready, orderPatienceMs }));
  }

  const opened = collections(open);
  return {
    collection(declared) {
      if (closing) throw closedError();
      return opened(declared);
    },
    ping: () =>
      attend(async () => {
        await db.command({ ping: 1 });
      }, 'short'),
    close: () => (closing ??= close().then(() => client.close())),
  };
}
