import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobStore } from '../../drivers/blobs/port.ts';
import { ConfigError } from '../error.ts';
import type { OpenPorts } from '../ports.ts';
import type { Config } from '../variables.ts';
import { takeDataFolder } from './data-folder.ts';
import type { DataSet, Side } from './data-set.ts';

export async function openEmbeddedBlobs({ data }: Pick<Config, 'data'>): Promise<BlobStore> {
  const { openFsBlobs } = await import('../../drivers/blobs/fs.ts');
  return openFsBlobs({ root: join(data, 'blobs') });
}

/**
 * Everything in the data folder, held by this process alone. What is opened last is closed first; where one cannot be
 * opened, those before it are closed.
 * @throws ConfigError where the folder cannot be used or is in use.
 */
export async function openEmbedded(config: Pick<Config, 'data' | 'searchRestSeconds'>): Promise<OpenPorts> {
  const { data } = config;
  await using stack = new AsyncDisposableStack();
  const kept = <P extends { close(): Promise<void> }>(port: P): P => stack.adopt(port, () => port.close());

  stack.adopt(takeDataFolder(data), (lock) => {
    lock.release();
  });
  const { openSqliteRecords } = await import('../../drivers/records/sqlite/open.ts');
  const { openSqliteSearch } = await import('../../drivers/search/sqlite/open.ts');
  const { openJournal } = await import('../../drivers/channel/journal/open.ts');
  const blobs = kept(await openEmbeddedBlobs(config));
  const records = kept(await openSqliteRecords({ file: join(data, 'records.sqlite') }));
  const restMs = config.searchRestSeconds * 1000;
  const search = kept(await openSqliteSearch({ file: join(data, 'search.sqlite'), restMs }));
  const channel = kept(await openJournal({ file: join(data, 'channel.sqlite') }));

  const opened = stack.move();
  return {
    names: ['blobs', 'records', 'search', 'channel'],
    blobs,
    records,
    search,
    channel,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The index as its driver leaves it in the data folder. */
const indexFiles = ['search.sqlite', 'search.sqlite-wal', 'search.sqlite-shm'];

/**
 * What is kept in the data folder, held by this process alone.
 * @throws ConfigError where the folder cannot be used, is in use, or is to be read and has nothing in it.
 */
export async function openEmbeddedData({ data }: Pick<Config, 'data'>, side: Side): Promise<DataSet> {
  if (side === 'from' && !existsSync(join(data, 'records.sqlite')))
    throw new ConfigError(`there is nothing of Vitrail's in the folder ${data}: set VITRAIL_DATA to the one that has it.`);
  await using stack = new AsyncDisposableStack();
  const kept = <P extends { close(): Promise<void> }>(port: P): P => stack.adopt(port, () => port.close());
  stack.adopt(takeDataFolder(data), (lock) => {
    lock.release();
  });
  const { openSqliteRecords } = await import('../../drivers/records/sqlite/open.ts');
  const blobs = kept(await openEmbeddedBlobs({ data }));
  const records = kept(await openSqliteRecords({ file: join(data, 'records.sqlite') }));
  const opened = stack.move();
  return {
    where: data,
    blobs,
    records,
    async emptyIndex() {
      for (const file of indexFiles) await rm(join(data, file), { force: true });
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
