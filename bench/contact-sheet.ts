/**
 * What the enrichers made of each picture, to be looked at by a person: takes the files of a folder in, or asks a server that runs,
 * and draws JPEG pages into .bench/contact/: each asset a row with its picture, its palette, its derived pictures of other
 * kinds (posters, storyboards) and every value as text:
 * `node bench/contact-sheet.ts [--pictures samples] [--url http://127.0.0.1:3000] [--rows 6] [--query state=ready]`.
 */
import { openAsBlob } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import type { Asset } from '../services/contracts/asset.ts';
import type { SearchPage } from '../services/contracts/search.ts';
import { type BenchApp, root, startBenchApp } from './app.ts';
import { drawRow } from './contact-sheet/row.ts';
import { scratch } from './enrichers/pictures.ts';

const { values } = parseArgs({
  options: {
    pictures: { type: 'string', default: join(root, 'samples') },
    url: { type: 'string' },
    rows: { type: 'string', default: '6' },
    query: { type: 'string', default: '' },
  },
});

async function takeIn({ base }: BenchApp, folder: string): Promise<void> {
  for (const name of (await readdir(folder)).sort()) {
    const form = new FormData();
    form.set('file', await openAsBlob(join(folder, name)), basename(name));
    const { status } = await fetch(`${base}/api/assets`, { method: 'POST', body: form });
    if (status >= 400) console.log(`${name} is not taken in (${status})`);
  }
}

/** Every asset that the query finds, once nothing of them is under way. */
async function settledAssets(base: string, query: string): Promise<Asset[]> {
  const page = async (more: string): Promise<SearchPage> =>
    (await (await fetch(`${base}/api/search?limit=100&facets=none&sort=oldest&${more}`)).json()) as SearchPage;
  while ((await page('state=processing')).total > 0) await new Promise((resolve) => setTimeout(resolve, 500));
  const items: Asset[] = [];
  let next: string | null = null;
  do {
    const found: SearchPage = await page(`${query}${next === null ? '' : `&cursor=${encodeURIComponent(next)}`}`);
    items.push(...found.items);
    next = found.next;
  } while (next !== null);
  return items;
}

/** Rows below each other, on white. */
async function drawPage(rows: readonly Buffer[], file: string): Promise<void> {
  const sizes = await Promise.all(rows.map(async (row) => (await sharp(row).metadata()).autoOrient));
  const width = Math.max(...sizes.map((size) => size.width));
  const tops = sizes.map((_, at) => sizes.slice(0, at).reduce((sum, { height }) => sum + height, 0));
  const height = sizes.reduce((sum, size) => sum + size.height, 0);
  await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite(rows.map((input, at) => ({ input, left: 0, top: tops[at] ?? 0 })))
    .jpeg({ quality: 85 })
    .toFile(file);
}

await using stack = new AsyncDisposableStack();
let base = values.url;
if (base === undefined) {
  const app = stack.use(await startBenchApp());
  await takeIn(app, values.pictures);
  base = app.base;
}
const folder = join(scratch, 'contact');
await mkdir(folder, { recursive: true });
const assets = await settledAssets(base, values.query);
const perPage = Number(values.rows);
const run = new Date().toISOString().slice(0, 19).replaceAll(':', '');
for (let at = 0; at < assets.length; at += perPage) {
  const rows: Buffer[] = [];
  for (const asset of assets.slice(at, at + perPage)) rows.push(await drawRow(base, asset));
  const file = join(folder, `${run}-${at / perPage + 1}.jpg`);
  await drawPage(rows, file);
  console.log(file);
}
if (assets.length === 0) console.log('there is nothing to draw');
