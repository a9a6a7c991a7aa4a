import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportProgress } from '../../services/ingest/import/import.ts';
import { photo } from '../fixtures/pictures.ts';
import { allAssets, startApp, temporaryFolder } from './app.ts';
import { serverThat } from '../fixtures/server-that.ts';
import { until } from '../fixtures/until.ts';
import { ended, root, vitrail } from './vitrail.ts';

const plugins = { VITRAIL_PLUGINS_FILE: join(root, 'test', 'fixtures', 'plugins.yaml'), VITRAIL_LOG_LEVEL: 'error' };

/** A folder with two pictures and a file that is none. */
async function pictures(folder: string): Promise<string> {
  const all = join(folder, 'pictures');
  await mkdir(join(all, 'deep'), { recursive: true });
  await writeFile(join(all, 'one.jpg'), await photo(1));
  await writeFile(join(all, 'deep', 'two.jpg'), await photo(2));
  await writeFile(join(all, 'notes.txt'), 'no picture');
  return all;
}
const last = (stdout: string): ImportProgress => JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as ImportProgress;

it('takes a folder into the data folder and ends, and again finds nothing to do', async () => {
  await using folder = await temporaryFolder('import');
  const all = await pictures(folder.path);
  const env = { ...plugins, VITRAIL_DATA: join(folder.path, 'data') };
  const first = await ended(vitrail(['import', all, '--json'], { env }));
  expect([first.status, last(first.stdout)]).toEqual([
    0,
    expect.objectContaining({ files: 3, settled: 3, created: 2, known: 0, refused: [expect.objectContaining({})], failed: [] }),
  ]);
  const again = await ended(vitrail(['import', all], { env }));
  expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('All 2 files are here already') });
  await using app = await startApp({ data: env.VITRAIL_DATA });
  expect((await allAssets(app)).map(({ filename, state }) => `${filename} ${state}`).sort()).toEqual([
    'one.jpg ready',
    'two.jpg ready',
  ]);
  const busy = await ended(vitrail(['import', all], { env }));
  expect(busy).toMatchObject({ status: 1, output: expect.stringContaining('another Vitrail is using the data folder') });
}, 240_000);

it('takes a folder into a server that runs, and goes on with --watch until it is told to end', async () => {
  await using folder = await temporaryFolder('watch');
  const all = await pictures(folder.path);
  const key = 'a-key-of-this-test-alone';
  await using app = await startApp({ env: { VITRAIL_API_KEYS: key } });
  const locked = await ended(vitrail(['import', join(all, 'one.jpg'), '--url', app.base]));
  expect(locked).toMatchObject({ status: 1, output: expect.stringContaining('VITRAIL_API_KEYS') });

  const watching = vitrail(['import', all, '--watch', '--url', app.base, '--json'], { env: { VITRAIL_API_KEYS: key } });
  const created = () =>
    watching
      .stdout()
      .split('\n')
      .filter(Boolean)
      .reduce((sum, line) => sum + last(line).created, 0);
  await until('what is there', () => created() === 2);
  await writeFile(join(folder.path, 'three.part'), await photo(3));
  await rename(join(folder.path, 'three.part'), join(all, 'three.jpg'));
  await until('what has come', () => created() === 3);
  watching.child.kill('SIGINT');
  expect(await watching.status()).toBe(0);
  await rm(all, { recursive: true });
}, 240_000);

it('says once that nobody answers, and of an empty file that it is empty', async () => {
  await using folder = await temporaryFolder('import');
  await writeFile(join(folder.path, 'empty.jpg'), '');
  await writeFile(join(folder.path, 'a.jpg'), await photo(0));
  const nobody = await ended(vitrail(['import', folder.path, '--url', 'http://127.0.0.1:9']));
  expect(nobody.status).toBe(1);
  expect(nobody.output.match(/does not answer/g)).toHaveLength(1);
  expect(nobody.output).not.toContain('files ·');
  await using app = await startApp();
  const { stdout } = await ended(vitrail(['import', folder.path, '--url', app.base]));
  expect(stdout).toContain('empty.jpg: The file has no bytes; choose another one.');
});

it('takes a file that failed again with --watch, until it is in', async () => {
  await using folder = await temporaryFolder('again');
  await writeFile(join(folder.path, 'one.jpg'), await photo(1));
  let uploads = 0;
  await using server = await serverThat((request, response) => {
    if (request.method === 'POST') uploads += 1;
    const status = request.method === 'POST' ? (uploads === 1 ? 500 : 202) : 200;
    request.resume().on('end', () => response.writeHead(status).end(JSON.stringify({ id: 'a', state: 'ready' })));
  });
  const watching = vitrail(['import', folder.path, '--watch', '--url', server.base, '--json']);
  const rounds = (): ImportProgress[] => watching.stdout().split('\n').filter(Boolean).map(last);
  await until('the round that failed, and one that did not', () => rounds().length === 2);
  expect(rounds()).toMatchObject([
    { created: 0, failed: [{}] },
    { created: 1, failed: [] },
  ]);
  watching.child.kill('SIGINT');
  expect(await watching.status()).toBe(0);
});

it.each([
  ['no path', ['import'], 2, /Name folders or files/],
  ['a path that is not there', ['import', '/nowhere/at/all'], 1, /cannot be read/],
  ['an address that is none', ['import', '.', '--url', 'ftp://x'], 2, /is no address/],
])('refuses %s', async (_what, args, status, said) => {
  expect(await ended(vitrail(args))).toMatchObject({ status, output: expect.stringMatching(said) });
});
