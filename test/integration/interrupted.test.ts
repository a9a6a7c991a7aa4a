import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { assets } from '../../services/media/asset-records.ts';
import { photo } from '../fixtures/pictures.ts';
import { serverThat } from '../fixtures/server-that.ts';
import { until } from '../fixtures/until.ts';
import { temporaryFolder } from './app.ts';
import { ended, vitrail } from './vitrail.ts';

/** Enough that a command is still at them when the signal comes: each waits for the disk. */
const files = 4000;

/** A data folder of many derived files, which is a backup as well. */
async function library(folder: string): Promise<string> {
  const derived = join(folder, 'blobs', 'derived');
  await mkdir(derived, { recursive: true });
  for (let k = 0; k < files; k += 1) await writeFile(join(derived, String(k)), String(k));
  const store = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
  store.collection(assets);
  await store.close();
  const note = { format: 1, vitrail: '0.1.0', createdAt: new Date(0).toISOString(), assets: 0, files, bytes: 0 };
  await writeFile(join(folder, 'backup.json'), JSON.stringify(note));
  return folder;
}

interface Job {
  args: string[];
  env?: Record<string, string>;
  /** It is in the middle of its work. */
  begun(): boolean;
  /** What it leaves. */
  after(): Promise<void>;
}

const jobs: Record<string, (folder: string, base: string, asked: () => string[]) => Promise<Job>> = {
  async import(folder, base, asked) {
    const file = join(folder, 'one.jpg');
    await writeFile(file, await photo(1));
    return {
      args: ['import', file, '--url', base],
      begun: () => asked().some((path) => path.startsWith('/api/assets')),
      after: () => Promise.resolve(),
    };
  },
  async export(folder, base, asked) {
    const to = join(folder, 'all');
    return Promise.resolve({
      args: ['export', to, '--url', base],
      begun: () => asked().includes('/media/a'),
      after: async () => expect(await readdir(to)).toEqual([]),
    });
  },
  async backup(folder) {
    const to = join(folder, 'kept');
    return {
      args: ['backup', to, '--copy'],
      env: { VITRAIL_DATA: await library(join(folder, 'data')) },
      begun: () => existsSync(join(to, 'blobs', 'derived')),
      after: async () => expect(await readdir(to)).not.toContain('backup.json'),
    };
  },
  async restore(folder) {
    const data = join(folder, 'data');
    await mkdir(data);
    await writeFile(join(data, 'records.sqlite'), 'here before');
    return {
      args: ['restore', await library(join(folder, 'kept')), '--overwrite'],
      env: { VITRAIL_DATA: data },
      begun: () => existsSync(join(data, 'restoring', 'blobs', 'derived')),
      after: async () => {
        expect((await readdir(data)).filter((name) => !name.startsWith('lock.sqlite'))).toEqual(['records.sqlite']);
        expect(await readFile(join(data, 'records.sqlite'), 'utf8')).toBe('here before');
      },
    };
  },
};

it.each(Object.keys(jobs))(
  '%s ends with status 130 at Ctrl-C, and leaves what it says',
  async (name) => {
    await using folder = await temporaryFolder(name);
    const asked: string[] = [];
    // Lists one asset, and does not answer whoever sends or wants a file.
    await using server = await serverThat((request, response) => {
      asked.push(new URL(request.url ?? '', 'http://a').pathname);
      const items = [{ id: 'a', filename: 'a.jpg', sha256: '', bytes: 1 }];
      if (asked.at(-1) === '/api/work') response.end(JSON.stringify({ assets: 1 }));
      if (asked.at(-1) === '/api/search') response.end(JSON.stringify({ items, next: null }));
    });
    const { args, env, begun, after } = await jobs[name]!(folder.path, server.base, () => asked);
    const running = vitrail(args, env && { env });
    await until(`${name} at work`, begun);
    running.child.kill('SIGINT');
    expect(await ended(running)).toMatchObject({ status: 130 });
    await after();
  },
  120_000,
);
