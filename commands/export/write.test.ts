import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Asset } from '../../services/contracts/asset.ts';
import type { Library } from './library.ts';
import { writeAll } from './write.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'vitrail-write-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const { signal } = new AbortController();
const display = { total: () => undefined, done: () => undefined, [Symbol.dispose]: () => undefined };

/** Assets of these names, one to a page, whose bytes are their names; `count` is how many there are said to be. */
function libraryOf(names: string[], count = names.length): Library {
  const assets = names.map((filename, k) => {
    const sha256 = createHash('sha256').update(filename).digest('hex');
    return { id: `a${k}`, filename, sha256, bytes: filename.length } as Asset;
  });
  return {
    async *assets() {
      for (const asset of assets) yield await Promise.resolve([asset]);
    },
    count: () => Promise.resolve(count),
    original: ({ filename }) => Promise.resolve(Readable.from([Buffer.from(filename)])),
  };
}

it('writes files whose names are those of parts, and leaves no part', async () => {
  const names = ['a.jpg.part', 'a.jpg', '.parts'];
  expect(await writeAll(libraryOf(names), folder, display, signal)).toMatchObject({ files: 3, failed: [], unlisted: 0 });
  expect((await readdir(folder)).sort()).toEqual(['_parts', 'a.jpg', 'a.jpg.part', 'assets.jsonl']);
  expect(await readFile(join(folder, 'a.jpg.part'), 'utf8')).toBe('a.jpg.part');
});

it('counts the assets that were not listed', async () => {
  expect(await writeAll(libraryOf(['a.jpg'], 3), folder, display, signal)).toMatchObject({ files: 1, unlisted: 2 });
});
