/**
 * Makes the pictures of docs/results.md anew, from samples/: `node bench/results.ts`. Prints what stands under them. Needs ffmpeg
 * and a font.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp, { type OverlayOptions } from 'sharp';
import { distortions, load, rate } from '../plugins/quality/distortions.ts';
import type { RawPixels } from '../plugins/sdk/index.ts';
import videoThumbnails from '../plugins/video-thumbnails/index.ts';
import { enrichOnce } from '../plugins/sdk/testkit.ts';
import { root } from './app.ts';

const tile = { width: 320, height: 180 };
const folder = join(root, 'docs', 'results');
const sample = (name: string): string => join(root, 'samples', `${name}.jpg`);
await mkdir(folder, { recursive: true });

const labelled = async (pixels: RawPixels, text: string): Promise<Buffer> => {
  const { data, ...raw } = pixels;
  const label = { text: { text: `<span foreground="white" background="black"> ${text} </span>`, rgba: true, dpi: 96 } };
  const top = await sharp(data, { raw })
    .resize({ ...tile, fit: 'cover' })
    .png()
    .toBuffer();
  return sharp(top)
    .composite([{ input: label, gravity: 'southwest' }])
    .png()
    .toBuffer();
};

/** Rows of four, in order. */
async function sheet(tiles: readonly Buffer[], name: string): Promise<void> {
  const placed: OverlayOptions[] = tiles.map((input, i) => ({
    input,
    left: (i % 4) * (tile.width + 4),
    top: Math.floor(i / 4) * (tile.height + 4),
  }));
  const [width, height] = [4 * (tile.width + 4) - 4, Math.ceil(tiles.length / 4) * (tile.height + 4) - 4];
  await sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .composite(placed)
    .jpeg({ quality: 82 })
    .toFile(join(folder, name));
}

async function qualitySheet(): Promise<void> {
  const original = await load(sample('dandelions'), 1280);
  const worse = await Promise.all(
    Object.entries(distortions).map(async ([kind, { levels, apply }]) => [kind, await apply(original, levels[2] ?? 0)] as const),
  );
  const tiles: Buffer[] = [];
  for (const [kind, pixels] of [['original', original] as const, ...worse]) {
    const { score } = await rate(pixels);
    console.log(kind, score.toFixed(0));
    tiles.push(await labelled(pixels, `${kind} ${score.toFixed(0)}`));
  }
  await sheet(tiles, 'quality.jpg');
}

/** Two seconds of black, then four pictures that are panned over, 3 s each. */
async function videoSheet(): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'vitrail-results-'));
  const clip = join(scratch, 'clip.mp4');
  const names = ['sunset', 'picos-de-europa', 'autumn-ridge', 'paint-brushes'];
  const inputs = names.flatMap((name) => ['-loop', '1', '-t', '3', '-i', sample(name)]);
  const pan = names.map((_name, i) => `[${i + 1}:v]scale=1600:-2,crop=1280:720:x=t*60:y=t*20,fps=25,setsar=1[v${i}]`);
  const graph = [...pan, `[0:v]${names.map((_name, i) => `[v${i}]`).join('')}concat=n=5:v=1[v]`].join(';');
  const black = ['-f', 'lavfi', '-t', '2', '-i', 'color=black:s=1280x720:r=25'];
  const coded = ['-map', '[v]', '-pix_fmt', 'yuv420p', '-g', '25', clip];
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...black, ...inputs, '-filter_complex', graph, ...coded]);
  const { files } = await enrichOnce(videoThumbnails, clip, {});
  for (const name of ['poster', 'storyboard']) {
    const { data } = files.get(name) ?? { data: Buffer.alloc(0) };
    await writeFile(join(folder, `${name}.jpg`), await sharp(data).resize({ width: 800 }).jpeg({ quality: 80 }).toBuffer());
  }
  await rm(scratch, { recursive: true });
}

await qualitySheet();
await videoSheet();
