import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuseWithin } from './place.ts';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'vitrail-place-')));
  await mkdir(join(folder, 'data', 'deep'), { recursive: true });
  await mkdir(join(folder, 'beside'));
  await symlink(join(folder, 'data'), join(folder, 'link'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['data', 'data'],
  ['data/deep', 'data'],
  ['data/deep/../not-yet/there', 'data'],
  ['data/..kept', 'data'],
  ['link/not-yet', 'data'],
  ['data/deep', 'link'],
  ['new/kept', 'new'],
])('%s lies in the data folder %s', async (backup, data) => {
  await expect(refuseWithin(join(folder, backup), join(folder, data))).rejects.toThrow(/lies in the data folder/);
});

it.each([
  ['beside', 'data'],
  ['data-kept', 'data'],
  ['data', 'data/deep'],
  ['link/../beside', 'data'],
])('%s lies outside the data folder %s', async (backup, data) => {
  await expect(refuseWithin(join(folder, backup), join(folder, data))).resolves.toBeUndefined();
});
