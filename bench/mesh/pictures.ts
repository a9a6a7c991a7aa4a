import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from '../app.ts';
import { testPictures } from '../enrichers/pictures.ts';

/** Makes so many picture files in a folder. */
export type Pictures = (folder: string, count: number) => Promise<string[]>;

/** Each with other bytes at its end, so that it is an asset of its own. */
async function copies(kinds: readonly Buffer[], folder: string, count: number): Promise<string[]> {
  const files = Array.from({ length: count }, (_, n) => join(folder, `picture-${n}.jpg`));
  for (const [n, file] of files.entries()) {
    const kind = kinds[n % kinds.length];
    if (!kind) throw new Error('there are no test pictures');
    await writeFile(file, Buffer.concat([kind, Buffer.from(`picture ${n} of ${folder}`)]));
  }
  return files;
}

/** 4K, 24 MP and a phone's 12 MP in turn: what people have, so that enriching is as much work as it is for them. */
export const photographs: Pictures = async (folder, count) =>
  copies(await Promise.all((await testPictures()).map(({ file }) => readFile(file))), folder, count);

/** Samples of 480 px: little to enrich and few bytes to carry, so that many assets go through in a short time. */
export const thumbnails: Pictures = async (folder, count) => {
  const names = ['sunset', 'two-dogs', 'dandelions', 'wine-table', 'autumn-ridge'];
  const small = names.map((name) =>
    sharp(join(root, 'samples', `${name}.jpg`))
      .resize(480)
      .jpeg({ quality: 85 })
      .toBuffer(),
  );
  return copies(await Promise.all(small), folder, count);
};
