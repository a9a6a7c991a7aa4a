import { MongoClient } from 'mongodb';

/** `mongodb://user:secret@host:1,other:2/name?options`: everything but the name is the client's to read. */
const pathOf = /^mongodb(?:\+srv)?:\/\/[^/?]*(?:\/([^?]*))?/;

export function databaseOf(url: string): string {
  const [, name] = pathOf.exec(url) ?? [];
  return decodeURIComponent(name ?? '') || 'vitrail';
}

export interface ClientOptions {
  url: string;
  maxConnections: number;
  timeoutMs: number;
}

/**
 * One client for all collections. A write resolves when a majority of the servers has it in its journal. Half of the time goes to
 * finding a server; within the other half the monitor, which asks every quarter, sees one that hangs, and ends what waits for it.
 */
export function mongoClient({ url, maxConnections, timeoutMs }: ClientOptions): MongoClient {
  try {
    return new MongoClient(url, {
      appName: 'vitrail',
      maxPoolSize: maxConnections,
      retryReads: true,
      retryWrites: true,
      readPreference: 'primary',
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: timeoutMs },
      serverSelectionTimeoutMS: timeoutMs / 2,
      waitQueueTimeoutMS: timeoutMs,
      connectTimeoutMS: timeoutMs / 2,
      heartbeatFrequencyMS: Math.max(500, timeoutMs / 4),
      socketTimeoutMS: 60_000, // for what is of very many records
    });
  } catch {
    // Neither its message nor its cause: the client's errors show the address whole, and so the password in it.
    throw new TypeError(
      'the address of the records is none that MongoDB’s client takes: write mongodb://user:password@host:27017/name',
    );
  }
}
