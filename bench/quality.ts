/**
 * Whether the quality score falls when pictures get worse, on pictures of your own: each is spoilt at full size in seven ways at
 * five levels, other ones than the plugin's tests use, saved, opened as an upload is, and rated:
 * `node bench/quality.ts FILE…` prints what did not fall, and the share of steps that did.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openStill } from '../mixins/enricher/still.ts';
import { sharp } from '../mixins/pictures.ts';
import { distortions, load } from '../plugins/quality/distortions.ts';
import quality from '../plugins/quality/index.ts';
import type { RawPixels } from '../plugins/sdk/index.ts';
import { assetOf, enrichHere } from './enrichers/enrich.ts';

type Kind = keyof typeof distortions;
const levels: Record<Kind, readonly number[]> = {
  blur: [1, 2, 4, 7, 10],
  noise: [8, 16, 30, 50, 75],
  jpeg: [50, 30, 15, 7, 3],
  downscale: [0.6, 0.4, 0.25, 0.15, 0.1],
  underexposure: [0.65, 0.45, 0.3, 0.18, 0.1],
  overexposure: [1.35, 1.8, 2.4, 3.2, 4.2],
  lowContrast: [0.7, 0.5, 0.35, 0.2, 0.12],
};
const kinds = Object.keys(levels) as Kind[];
const files = process.argv.slice(2);
if (files.length === 0) throw new Error('name the pictures to try: node bench/quality.ts samples/*.jpg');

const folder = await mkdtemp(join(tmpdir(), 'vitrail-quality-'));
const plugin = { enricher: quality, config: {}, module: new URL('../plugins/quality/index.ts', import.meta.url) };

async function score({ data, ...raw }: RawPixels): Promise<number> {
  const path = join(folder, 'picture.png');
  await writeFile(path, await sharp(data, { raw }).png({ compressionLevel: 1 }).toBuffer());
  const still = await openStill(path, { maxPixels: 400e6 });
  const asset = await assetOf(path, { type: 'image/png', width: still.width, height: still.height });
  const { score: rated } = await enrichHere(plugin, { asset, path, still });
  still.close();
  return rated as number;
}

const falls = new Map<Kind, boolean[]>(kinds.map((kind) => [kind, []]));
let ended = 0;
for (const file of files) {
  const original = await load(file);
  const first = await score(original);
  for (const kind of kinds) {
    const scores = [first];
    for (const level of levels[kind]) scores.push(await score(await distortions[kind].apply(original, level)));
    const steps = scores.slice(1).map((one, i) => one < (scores[i] ?? 0));
    falls.get(kind)?.push(...steps);
    ended += Number((scores.at(-1) ?? 0) < first);
    if (!steps.every(Boolean)) console.log(`${basename(file)} ${kind}: ${scores.map((one) => one.toFixed(1)).join(' ')}`);
  }
}
await rm(folder, { recursive: true });
const share = (steps: readonly boolean[]): string => `${steps.filter(Boolean).length} of ${steps.length} steps fall`;
for (const [kind, steps] of falls) console.log(`${kind}: ${share(steps)}`);
console.log(
  `all: ${share([...falls.values()].flat())}; the worst is below the original in ${ended} of ${files.length * kinds.length}`,
);
