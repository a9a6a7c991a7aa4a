import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { samples } from '../integration/app.ts';

/** Shapes that cameras and people give pictures. */
const shapes = [3 / 2, 2 / 3, 4 / 3, 16 / 9, 1, 3 / 2, 3 / 4];

/** Distinct pictures: parts of the samples, of many shapes. The same number is the same picture. */
export async function makePictures(folder: string, many: number): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(samples)).filter((name) => name.endsWith('.jpg') && name !== 'gradient.jpg').sort();
  const files: string[] = [];
  for (let i = 0; i < many; i++) {
    const name = names[(i * 5) % names.length]!;
    const photo = sharp(await readFile(join(samples, name)));
    const { width, height } = await photo.metadata();
    const ratio = shapes[(i * 3 + Math.floor(i / names.length)) % shapes.length]!;
    // From all of the picture to two thirds of it, from corner to corner.
    const share = 0.98 - 0.08 * (Math.floor(i / names.length) % 5);
    const wide = Math.floor(Math.min(width, height * ratio) * share);
    const high = Math.floor(wide / ratio);
    const left = Math.floor((width - wide) * ((i * 0.37) % 1));
    const top = Math.floor((height - high) * ((i * 0.61) % 1));
    const file = join(folder, `${String(i + 1).padStart(2, '0')}-${name}`);
    await writeFile(file, await photo.extract({ left, top, width: wide, height: high }).jpeg({ quality: 88 }).toBuffer());
    files.push(file);
  }
  return files;
}

/** A picture whose head is whole and whose rest is noise: it is taken in, and no enricher can do anything with it. */
export async function brokenPicture(file: string): Promise<string> {
  const whole = await readFile(join(samples, 'sunset.jpg'));
  await writeFile(file, Buffer.concat([whole.subarray(0, 700), Buffer.alloc(2000, 0x55)]));
  return file;
}
