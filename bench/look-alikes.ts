/**
 * How well look-alikes know a picture again: `node bench/look-alikes.ts [folder …]`, the samples by default.
 * Every distinct picture below the folders is copied in several ways. What the limits in plugins/look-alikes rest on.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import lookAlikes from '../plugins/look-alikes/index.ts';
import { bitsApart } from '../plugins/sdk/index.ts';
import { enrichOnce } from '../plugins/sdk/testkit.ts';
import { shapeOf, shapeReach } from '../services/search/ratio.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const folders = positionals.length > 0 ? positionals : [join(import.meta.dirname, '../samples')];
const limits = { phash: lookAlikes.outputs.phash.same, tones: lookAlikes.outputs.tones.same };

interface Signs {
  phash?: string;
  tones: string;
}
interface Picture extends Signs {
  path: string;
  /** Natural logarithm of width by height. */
  shape: number;
}

const sides =
  (edge: number) =>
  (picture: Sharp): Sharp =>
    picture.resize(edge, edge, { fit: 'inside', withoutEnlargement: true });
const copies: Record<string, (picture: Sharp) => Sharp> = {
  'JPEG q80, 1280 px': (picture) => sides(1280)(picture).jpeg({ quality: 80 }),
  'WebP q80, 640 px': (picture) => sides(640)(picture).webp({ quality: 80 }),
  'PNG, 960 px': (picture) => sides(960)(picture).png({ compressionLevel: 1 }),
  'AVIF q50, 640 px': (picture) => sides(640)(picture).avif({ quality: 50, effort: 0 }),
  'JPEG q15': (picture) => picture.jpeg({ quality: 15 }),
  'JPEG q60, 320 px': (picture) => sides(320)(picture).jpeg({ quality: 60 }),
  'JPEG q15, 200 px': (picture) => sides(200)(picture).jpeg({ quality: 15 }),
  '10 % brighter': (picture) => picture.modulate({ brightness: 1.1 }).jpeg(),
  '10 % darker': (picture) => picture.modulate({ brightness: 0.9 }).jpeg(),
  'without colours': (picture) => picture.greyscale().jpeg(),
  mirrored: (picture) => picture.flop().jpeg(),
};

const show = (...cells: (string | number)[]): void =>
  void process.stdout.write(`${cells.map((cell) => String(cell).padEnd(22)).join(' ')}\n`);
const signsOf = async (bytes: Uint8Array): Promise<Signs> =>
  (await enrichOnce(lookAlikes, { name: 'picture', bytes: () => bytes })).outputs as unknown as Signs;
const apart = (a: string | undefined, b: string | undefined): number =>
  a === undefined || b === undefined ? Infinity : bitsApart(a, b);
const isSame = (a: Signs, b: Signs): boolean =>
  apart(a.phash, b.phash) <= limits.phash && apart(a.tones, b.tones) <= limits.tones;

function spread(distances: number[]): string {
  const sorted = distances.toSorted((a, b) => a - b);
  return [0.5, 0.95, 1].map((share) => sorted[Math.floor((sorted.length - 1) * share)]).join(', ');
}

const pictures: Picture[] = [];
const found = new Map(Object.keys(copies).map((how) => [how, [] as { phash: number; tones: number; same: boolean }[]]));
const known = new Set<string>();
let blank = 0;
for (const folder of folders) {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/\.(jpe?g|png|webp|avif)$/i.test(name)) continue;
    const bytes = await readFile(join(folder, name));
    const sum = createHash('sha256').update(bytes).digest('hex');
    if (known.has(sum)) continue;
    known.add(sum);
    const { autoOrient } = await sharp(bytes).metadata();
    const one = { path: join(folder, name), shape: shapeOf(autoOrient), ...(await signsOf(bytes)) };
    if (one.phash === undefined) {
      blank++;
      continue;
    }
    pictures.push(one);
    const base = await sides(1920)(sharp(bytes).autoOrient().flatten({ background: '#fff' }))
      .png({ compressionLevel: 1 })
      .toBuffer();
    for (const [how, copy] of Object.entries(copies)) {
      const other = await signsOf(await copy(sharp(base)).toBuffer());
      const [phash, tones] = [apart(one.phash, other.phash), apart(one.tones, other.tones)];
      found.get(how)?.push({ phash, tones, same: isSame(one, other) });
    }
  }
}

show('pictures', `${pictures.length}, and ${blank} with too little to be told by`);
show('copy', 'phash: 50, 95, 100 %', 'tones: 50, 95, 100 %', 'known again');
for (const [how, results] of found) {
  const again = (100 * results.filter(({ same }) => same).length) / results.length;
  show(how, spread(results.map(({ phash }) => phash)), spread(results.map(({ tones }) => tones)), `${again.toFixed(1)} %`);
}
show('\nnear each other', 'tones', 'same');
for (const [i, one] of pictures.entries()) {
  for (const other of pictures.slice(0, i)) {
    const distance = apart(one.phash, other.phash);
    if (distance > 16) continue;
    const same = isSame(one, other) && Math.abs(one.shape - other.shape) <= shapeReach;
    show(distance, apart(one.tones, other.tones), same ? 'same' : 'alike', one.path, other.path);
  }
}
