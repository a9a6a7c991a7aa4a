/**
 * CPU of each stage for the pictures it is given, in one process as a child process of Vitrail is one, one picture at a time:
 * `node bench/enrichers/stages.ts ROUNDS FILE…` prints, as JSON, for each file and round `{ stage: ms }`. `floor` is a raw sharp
 * loop (decode, cascade, encodes as the variants enricher does by default), in turn with the rest, which is `still` (decode and
 * cascade to the same sizes) and every enricher of config/plugins.yaml on that still, by name. Derived files are not written.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharpItself from 'sharp';
import { openStill } from '../../mixins/enricher/still.ts';
import { sharp } from '../../mixins/pictures.ts';
import { assetOf, enrichHere, pluginsFor } from './enrich.ts';

const [rounds = '5', ...files] = process.argv.slice(2);
const edges = [3840, 2560, 1920, 1280, 640, 320];
// As in a child process.
sharp.concurrency(1);

type Stages = Record<string, number>;

async function timed<T>(stages: Stages, stage: string, work: () => Promise<T>): Promise<T> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  stages[stage] = (user + system) / 1000;
  return result;
}

/** What no program could do without. */
async function floor(file: string): Promise<void> {
  const { autoOrient } = await sharpItself(file).metadata();
  const longest = Math.max(autoOrient.width, autoOrient.height);
  let picture = sharpItself(file).autoOrient().toColourspace('srgb');
  for (const edge of edges.filter((size) => size < longest)) {
    const sized = picture.resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true });
    const { data, info } = await sized.raw().toBuffer({ resolveWithObject: true });
    const level = { raw: { width: info.width, height: info.height, channels: info.channels } };
    await Promise.all([
      sharpItself(data, level).jpeg({ quality: 80, progressive: false, optimiseCoding: false }).toBuffer(),
      sharpItself(data, level).webp({ quality: 80, effort: 2 }).toBuffer(),
    ]);
    picture = sharpItself(data, level);
  }
}

const plugins = await pluginsFor('image/jpeg');
const cache = await mkdtemp(join(tmpdir(), 'vitrail-cache-'));
for (const { enricher, config } of plugins) await enricher.setup?.(config, { cache });

async function measure(file: string): Promise<Stages> {
  const stages: Stages = {};
  await timed(stages, 'floor', () => floor(file));
  const still = await openStill(file, { maxPixels: 100e6 });
  const asset = await assetOf(file, { type: 'image/jpeg', width: still.width, height: still.height });
  await timed(stages, 'still', async () => {
    const longest = Math.max(still.width, still.height);
    for (const edge of edges.filter((size) => size < longest)) await still.raw(edge);
  });
  const inputs: Record<string, Record<string, unknown>> = {};
  for (const plugin of plugins) {
    const { name } = plugin.enricher;
    inputs[name] = await timed(stages, name, () => enrichHere(plugin, { asset, path: file, still }, inputs));
  }
  still.close();
  return stages;
}

const measured: Stages[][] = files.map(() => []);
// The first round warms up what is compiled and loaded once.
for (let round = 0; round <= Number(rounds); round += 1) {
  for (const [at, file] of files.entries()) {
    const stages = await measure(file);
    if (round > 0) measured[at]?.push(stages);
  }
}
await rm(cache, { recursive: true });
console.log(JSON.stringify(measured));
process.exit(0);
