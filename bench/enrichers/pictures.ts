import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from '../app.ts';

/** Where benches keep what is made once and used again; git, ESLint and Prettier ignore it. */
export const scratch = join(root, '.bench');

export interface TestPicture {
  title: string;
  file: string;
}

interface Recipe {
  title: string;
  sample: string;
  width: number;
  height: number;
  /** EXIF orientation of the file; the picture is stored as wide as it is said here, and shown turned. */
  orientation?: number;
  quality: number;
}

const recipes: Record<string, Recipe> = {
  '4k': { title: '4K (3840 × 2160)', sample: 'picos-de-europa', width: 3840, height: 2160, quality: 90 },
  '24mp': { title: '24 MP (6000 × 4000)', sample: 'autumn-ridge', width: 6000, height: 4000, quality: 92 },
  phone: {
    title: '12 MP phone (3024 × 4032, orientation 6)',
    sample: 'dandelions',
    width: 4032,
    height: 3024,
    orientation: 6,
    quality: 92,
  },
};

/**
 * A sample enlarged, with grain on top: enlarging alone would leave a blur, which decodes and encodes faster than what cameras
 * give. The grain is added at full size, about as strong as that of a phone in daylight.
 */
async function make({ sample, width, height, orientation, quality }: Recipe, file: string): Promise<void> {
  const grain = await sharp({
    create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 12 } },
  })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const enlarged = sharp(join(root, 'samples', `${sample}.jpg`))
    .resize(width, height, { fit: 'cover' })
    .composite([{ input: grain, blend: 'soft-light' }]);
  const exif = { IFD0: { Make: 'Vitrail', Model: 'Bench' }, IFD2: { DateTimeOriginal: '2026:01:31 12:00:00', FNumber: '28/10' } };
  await enlarged
    .withExif(exif)
    .withMetadata(orientation === undefined ? {} : { orientation })
    .jpeg({ quality })
    .toFile(`${file}.part`);
  await rename(`${file}.part`, file);
}

/** The pictures of the bench, made when they are asked for first. */
export async function testPictures(names: readonly string[] = Object.keys(recipes)): Promise<TestPicture[]> {
  const folder = join(scratch, 'pictures');
  await mkdir(folder, { recursive: true });
  const pictures: TestPicture[] = [];
  for (const name of names) {
    const recipe = recipes[name];
    if (!recipe) throw new Error(`there is no picture '${name}'; take some of ${Object.keys(recipes).join(', ')}`);
    const file = join(folder, `${name}.jpg`);
    if (!existsSync(file)) await make(recipe, file);
    pictures.push({ title: recipe.title, file });
  }
  return pictures;
}
