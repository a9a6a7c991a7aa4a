/**
 * Pictures a second over four connections of wrk, in turn with bare node:http servers (bench/bare-media.ts):
 * `node bench/media.ts [--seconds 3] [--rounds 3]`.
 *
 * - On demand, uncached: 2560 px pictures to 640 px. So that none is answered from the cache, each request is for a size (601 to
 *   640 px) of a picture that nobody asked for before; the bare server resizes the original at the same sizes. The variant of
 *   640 px is left out, so that the nearest larger stored one is that of 1280 px.
 * - The same sizes once cached, and the stored variants, against the same bytes as files, sent by the faster of the two bare ways.
 */
import { spawn } from 'node:child_process';
import { openAsBlob } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import type { Asset } from '../services/contracts/asset.ts';
import { cpuMs, median, root, startBenchApp } from './app.ts';
import { load, type LoadOptions, needWrk } from './wrk.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
/** Addresses for one uncached round, more than any server here can answer in its time. */
const each = seconds * 200;
const edges = Array.from({ length: 40 }, (_, i) => 601 + i);
const samples = ['autumn-ridge.jpg', 'dandelions.jpg', 'picos-de-europa.jpg', 'sunset.jpg'];

/** Distinct 2560 px pictures: samples, one brighter than the other. */
async function makePictures(folder: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, i) => `picture-${i}.jpg`);
  for (const [i, name] of names.entries()) {
    const sample = join(root, 'samples', samples[i % samples.length] ?? '');
    await sharp(sample)
      .resize(2560)
      .modulate({ brightness: 1 + i / 100 })
      .jpeg({ quality: 90 })
      .toFile(join(folder, name));
  }
  return names;
}

async function startBare(folder: string): Promise<{ base: string; pid: number } & Disposable> {
  const child = spawn(process.execPath, [join(root, 'bench', 'bare-media.ts'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
  );
  return { base: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, [Symbol.dispose]: () => void child.kill() };
}

async function upload(base: string, files: readonly string[]): Promise<Asset[]> {
  const ids: string[] = [];
  for (const file of files) {
    const response = await fetch(`${base}/api/assets`, {
      method: 'POST',
      body: await openAsBlob(file),
      headers: { 'Content-Type': 'image/jpeg' },
    });
    ids.push(((await response.json()) as Asset).id);
  }
  const settled = async (id: string): Promise<Asset> => {
    for (;;) {
      const asset = (await (await fetch(`${base}/api/assets/${id}`)).json()) as Asset;
      if (asset.state !== 'processing') return asset;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  return Promise.all(ids.map(settled));
}

/** Saves what an address answers as a file for the bare server. */
async function save(address: string, file: string): Promise<void> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} was answered with ${response.status}`);
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
}

interface Side {
  base: string;
  pid: number;
  paths: readonly string[];
}
interface Rate {
  perSecond: number;
  /** CPU time for each answer: where other work takes its share of the machine, it tells more than the rate. */
  cpuMs: number;
}

async function rate(name: string, { base, pid, paths }: Side, how: LoadOptions): Promise<Rate> {
  const before = await cpuMs(pid);
  const { requests, requestsPerSecond, failed } = await load(base, paths, how);
  if (failed > 0) throw new Error(`${name}: ${failed} requests failed`);
  return { perSecond: requestsPerSecond, cpuMs: ((await cpuMs(pid)) - before) / requests };
}
const inWords = ({ perSecond, cpuMs }: Rate): string => `${perSecond.toPrecision(3)}/s at ${cpuMs.toPrecision(2)} ms CPU`;

/** Vitrail and the bare ways in turn; the medians of the ratios to the fastest bare one of the same round. */
async function compare(name: string, own: Side, bare: Record<string, Side>, how: LoadOptions & { aim: number }): Promise<void> {
  const rates: number[] = [];
  const cpus: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // For what must not be asked for twice, each round has addresses of its own.
    const part = (side: Side): Side => (how.once ? { ...side, paths: side.paths.slice(round * each, (round + 1) * each) } : side);
    const ours = await rate(name, part(own), how);
    const theirs: [string, Rate][] = [];
    for (const [way, side] of Object.entries(bare)) theirs.push([way, await rate(way, part(side), how)]);
    rates.push(ours.perSecond / Math.max(...theirs.map(([, { perSecond }]) => perSecond)));
    cpus.push(Math.min(...theirs.map(([, { cpuMs }]) => cpuMs)) / ours.cpuMs);
    console.log(`${name}: ${inWords(ours)}; bare ${theirs.map(([way, their]) => `${way} ${inWords(their)}`).join(', ')}`);
  }
  console.log(
    `${name}: ${median(rates).toFixed(2)} times the bare server (aim: >= ${how.aim}); by CPU ${median(cpus).toFixed(2)}\n`,
  );
}

await needWrk();
const folder = await mkdtemp(join(tmpdir(), 'vitrail-media-'));
try {
  const files = join(folder, 'files');
  await mkdir(files);
  const plugins = join(folder, 'plugins.yaml');
  await writeFile(plugins, `enrichers:\n  variants: { presets: [1920, 1280, 320] }\n`);
  const names = await makePictures(files, Math.ceil((rounds * each) / edges.length));
  await using app = await startBenchApp({ VITRAIL_PLUGINS_FILE: plugins, VITRAIL_RENDITION_EDGES: edges.join(',') });
  using bare = await startBare(files);
  const assets = await upload(
    app.base,
    names.map((name) => join(files, name)),
  );

  /** Every size of every picture once, neighbours far apart. */
  const wishes = edges
    .flatMap((edge) => assets.map((asset, i) => ({ asset, edge, name: names[i] ?? '' })))
    .sort((a, b) => ((a.edge * 7919) % 40) - ((b.edge * 7919) % 40));
  const rendition = ({ asset, edge }: (typeof wishes)[number]) => `/media/${asset.id}?w=${edge}&format=jpeg`;
  const own = (paths: string[]): Side => ({ ...app, paths });
  const asFiles = async (prefix: string, addresses: readonly string[]): Promise<Record<string, Side>> => {
    const saved = addresses.map((_, i) => `${prefix}-${i}`);
    for (const [i, address] of addresses.entries()) await save(app.base + address, join(files, saved[i] ?? ''));
    return Object.fromEntries(['stream', 'read'].map((way) => [way, { ...bare, paths: saved.map((name) => `/${way}/${name}`) }]));
  };

  const resized: Side = { ...bare, paths: wishes.map(({ name, edge }) => `/resize/${name}?w=${edge}`) };
  await compare('on demand, uncached', own(wishes.map(rendition)), { sharp: resized }, { folder, seconds, once: true, aim: 1.8 });
  const cached = wishes.slice(0, 100).map(rendition);
  await compare('on demand, cached', own(cached), await asFiles('cached', cached), { folder, seconds, aim: 0.85 });
  const stored = assets.flatMap(({ variants }) => variants.map(({ url }) => url));
  await compare('stored variants', own(stored), await asFiles('stored', stored), { folder, seconds, aim: 0.85 });
} finally {
  await rm(folder, { recursive: true, force: true });
}
