import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { walk } from './walk.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-walk-'));
  await mkdir(join(folder, 'deep', 'deeper'), { recursive: true });
  await mkdir(join(folder, '.hidden'));
  await mkdir(join(folder, 'empty'));
  for (const name of ['b.jpg', 'a.jpg', '.DS_Store', '.hidden/c.jpg', 'deep/d.jpg', 'deep/deeper/e.jpg'])
    await writeFile(join(folder, name), name);
  await symlink(join(folder, 'a.jpg'), join(folder, 'linked.jpg'));
  await symlink(folder, join(folder, 'deep', 'round'));
  await symlink(join(folder, 'nowhere'), join(folder, 'broken.jpg'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const walked = async (...names: string[]) =>
  (await Array.fromAsync(walk(names.map((name) => join(folder, name))))).map((path) => relative(folder, path));

it('finds all files in depth and in order, links to files too; hidden ones, broken links and links to folders are left out', async () => {
  expect(await walked('')).toEqual(['a.jpg', 'b.jpg', 'deep/d.jpg', 'deep/deeper/e.jpg', 'linked.jpg']);
});

it('takes files and folders as they are named, even hidden ones', async () => {
  expect(await walked('b.jpg', 'deep', '.hidden')).toEqual(['b.jpg', 'deep/d.jpg', 'deep/deeper/e.jpg', '.hidden/c.jpg']);
});

it('finds nothing in an empty folder', async () => expect(await walked('empty')).toEqual([]));

it('says which path cannot be read', async () => {
  await expect(walked('a.jpg', 'missing')).rejects.toThrow(/missing cannot be read/);
});
