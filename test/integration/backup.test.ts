import { appendFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { photo } from '../fixtures/pictures.ts';
import { allAssets, ask, settled, startApp, temporaryFolder, upload } from './app.ts';
import { ended, vitrail } from './vitrail.ts';

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

it('backs a folder up while it is served, and makes another one of it in which all is as it was', async () => {
  await using folder = await temporaryFolder('backup');
  const [data, kept, copied, other] = ['data', 'kept', 'copied', 'other'].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
    string,
  ];
  await using app = await startApp({ data });
  const ids: string[] = [];
  for (let k = 0; k < 3; k += 1) ids.push((await upload(app, await photo(k), { tags: 'kept' }, `p${k}.jpg`)).body.id);
  for (const id of ids) await settled(app, id);
  // Uploads and deletions go on meanwhile.
  let stop = false;
  const meanwhile = (async () => {
    for (let k = 10; !stop; k += 1) {
      const { body } = await upload(app, await photo(k), {}, `m${k}.jpg`);
      if (k % 2 === 0) await ask(app, `/api/assets/${body.id}`, { method: 'DELETE' });
    }
  })();
  const made = await ended(vitrail(['backup', kept, '--json'], { env: { VITRAIL_DATA: data } }));
  const second = await ended(vitrail(['backup', copied, '--copy'], { env: { VITRAIL_DATA: data } }));
  stop = true;
  await meanwhile;
  expect([made.status, JSON.parse(made.stdout)]).toEqual([0, expect.objectContaining({ format: 1, missing: 0 })]);
  expect(second).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Kept \d+ assets in \d+ files/) });
  const links = async (at: string) =>
    Promise.all((await filesIn(join(at, 'blobs', 'originals'))).map(async (file) => (await stat(file)).nlink));
  expect((await links(kept)).some((count) => count > 1)).toBe(true);
  expect((await links(copied)).every((count) => count === 1)).toBe(true);
  const before = (await allAssets(app)).filter(({ id }) => ids.includes(id));
  await app.stop();

  const full = await ended(vitrail(['restore', kept], { env: { VITRAIL_DATA: data } }));
  expect(full).toMatchObject({ status: 1, output: expect.stringMatching(/is not empty .*--overwrite/) });
  const restored = await ended(vitrail(['restore', kept, '--json'], { env: { VITRAIL_DATA: other } }));
  expect([restored.status, JSON.parse(restored.stdout)]).toEqual([0, expect.objectContaining({ damaged: [] })]);
  await using again = await startApp({ data: other });
  for (const id of ids) await settled(again, id);
  const after = (await allAssets(again)).filter(({ id }) => ids.includes(id));
  expect(after).toEqual(before);
  for (const { id } of after) expect((await ask(again, `/media/${id}`)).status).toBe(200);
  const busy = await ended(vitrail(['restore', kept, '--overwrite'], { env: { VITRAIL_DATA: other } }));
  expect(busy).toMatchObject({ status: 1, output: expect.stringContaining('another Vitrail is using the data folder') });
  await again.stop();
  const over = await ended(vitrail(['restore', copied, '--overwrite'], { env: { VITRAIL_DATA: other } }));
  expect(over).toMatchObject({ status: 0, stdout: expect.stringMatching(/every original has its sha256/) });
}, 240_000);

it('refuses what is no backup, and one whose bytes are spoiled, and leaves the data folder as it was', async () => {
  await using folder = await temporaryFolder('spoiled');
  const [data, kept, other] = ['data', 'kept', 'other'].map((name) => join(folder.path, name)) as [string, string, string];
  await using app = await startApp({ data });
  await settled(app, (await upload(app, await photo(1), {}, 'p.jpg')).body.id);
  expect((await ended(vitrail(['backup', kept, '--copy'], { env: { VITRAIL_DATA: data } }))).status).toBe(0);
  expect(await ended(vitrail(['backup', kept], { env: { VITRAIL_DATA: data } }))).toMatchObject({
    status: 1,
    output: expect.stringContaining('is not empty'),
  });
  await mkdir(other);
  await writeFile(join(other, 'mine'), 'here before');
  const restore = () => ended(vitrail(['restore', kept, '--overwrite'], { env: { VITRAIL_DATA: other } }));
  const untouched = async () => expect(await readFile(join(other, 'mine'), 'utf8')).toBe('here before');

  const whole = join(folder.path, 'whole');
  await cp(kept, whole, { recursive: true });
  const [original = ''] = await filesIn(join(kept, 'blobs', 'originals'));
  await appendFile(original, 'x');
  expect(await restore()).toMatchObject({ status: 1, stdout: expect.stringMatching(/^damaged {2}originals/) });
  await untouched();
  await rm(original);
  expect(await restore()).toMatchObject({ status: 1, stdout: expect.stringContaining('it is not there') });
  await untouched();
  await mkdir(join(other, 'replaced'));
  expect(await restore()).toMatchObject({ status: 1, output: expect.stringContaining('an earlier restore') });
  expect(await readdir(other)).toContain('replaced');
  await rm(join(other, 'replaced'), { recursive: true });
  const within = join(other, 'kept');
  await cp(whole, within, { recursive: true });
  const lies = { status: 1, output: expect.stringContaining('lies in the data folder') };
  expect(await ended(vitrail(['restore', within, '--overwrite'], { env: { VITRAIL_DATA: other } }))).toMatchObject(lies);
  expect(await readdir(within)).toContain('backup.json');
  expect(await ended(vitrail(['backup', join(data, 'kept')], { env: { VITRAIL_DATA: data } }))).toMatchObject(lies);
  expect(await readdir(data)).not.toContain('kept');
  await untouched();
  await rm(join(kept, 'backup.json'));
  expect(await restore()).toMatchObject({ status: 1, output: expect.stringContaining('no backup.json') });
  await untouched();
  expect((await ended(vitrail(['backup']))).status).toBe(2);
  expect((await ended(vitrail(['restore']))).status).toBe(2);
}, 240_000);
