/**
 * What no program could do without: each picture decoded once, scaled down as a cascade, encoded in the same sizes and formats
 * as the variants enricher does by default, written to disk. One process, as many pictures in flight as there are processors.
 * `node bench/raw-loop.ts OUT FILE…` prints `{ wallMs, cpuMs, images }` as JSON.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';

const [out = '', ...files] = process.argv.slice(2);
const edges = [3840, 2560, 1920, 1280, 640, 320];
sharp.cache(false);
sharp.concurrency(1);

async function one(file: string): Promise<void> {
  const folder = join(out, basename(file));
  await mkdir(folder, { recursive: true });
  const fit = (edge: number) => ({ width: edge, height: edge, fit: 'inside' as const, withoutEnlargement: true });
  const { autoOrient } = await sharp(file).metadata();
  const below = edges.filter((edge) => edge < Math.max(autoOrient.width, autoOrient.height));
  let picture = sharp(file).autoOrient().toColourspace('srgb');
  for (const edge of below) {
    const { data, info } = await picture.resize(fit(edge)).raw().toBuffer({ resolveWithObject: true });
    const level = { raw: { width: info.width, height: info.height, channels: info.channels } };
    const encoded = await Promise.all([
      sharp(data, level).jpeg({ quality: 80, progressive: false, optimiseCoding: false }).toBuffer(),
      sharp(data, level).webp({ quality: 80, effort: 2 }).toBuffer(),
    ]);
    picture = sharp(data, level);
    await Promise.all(encoded.map((bytes, at) => writeFile(join(folder, `${edge}.${at}`), bytes)));
  }
}

const [first, second, ...rest] = files;
for (const file of [first, second]) if (file !== undefined) await one(file);
const cpu = process.cpuUsage();
const began = performance.now();
let next = 0;
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let file = rest[next++]; file !== undefined; file = rest[next++]) await one(file);
  }),
);
const used = process.cpuUsage(cpu);
console.log(JSON.stringify({ wallMs: performance.now() - began, cpuMs: (used.user + used.system) / 1000, images: rest.length }));
