import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { takePlace } from './take-place.ts';

let data: string;
beforeEach(async () => (data = await mkdtemp(join(tmpdir(), 'vitrail-place-'))));
afterEach(() => rm(data, { recursive: true, force: true }));

async function write(...files: string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(data, file)), { recursive: true });
    await writeFile(join(data, file), file);
  }
}
const read = (file: string): Promise<string> => readFile(join(data, file), 'utf8');

it('puts the copy in the place of what is there; the lock stays', async () => {
  await write('lock.sqlite', 'records.sqlite', 'index/old', 'restoring/records.sqlite', 'restoring/blobs/a');
  await takePlace(data);
  expect((await readdir(data)).sort()).toEqual(['blobs', 'lock.sqlite', 'records.sqlite']);
  expect([await read('records.sqlite'), await read('blobs/a')]).toEqual(['restoring/records.sqlite', 'restoring/blobs/a']);
});

it('where a part cannot take its place, keeps both, and says where they are', async () => {
  // A folder cannot be renamed to the name of a file.
  await write('lock.sqlite', 'records.sqlite', 'index/old', 'restoring/records.sqlite', 'restoring/lock.sqlite/in-the-way');
  await expect(takePlace(data)).rejects.toThrow(
    `what was there is in ${join(data, 'replaced')}, the checked copy in ${join(data, 'restoring')}`,
  );
  expect(await read('replaced/records.sqlite')).toBe('records.sqlite');
  expect(await read('replaced/index/old')).toBe('index/old');
  expect(await read('restoring/lock.sqlite/in-the-way')).toBe('restoring/lock.sqlite/in-the-way');
});
