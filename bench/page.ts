/**
 * The page on a large collection: is scrolling smooth, and does what the browser holds stay bounded?
 *
 *   npm run bench bench/page.ts [assets, default 100000]
 *
 * Records are copies of the samples', with ids and hashes of their own, so that every picture is one that is really served. Chromium is that
 * of Debian, without a GPU: frames are drawn by the processor, which a real screen's are not.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CDPSession, chromium, type Page } from 'playwright-core';
import { monotonicFactory } from 'ulid';
import { openSqliteRecords } from '../drivers/records/sqlite/open.ts';
import { type AssetRecord, assets as collection } from '../services/media/asset-records.ts';
import { type BenchApp, root, startBenchApp } from './app.ts';

const many = Number(process.argv[2] ?? 100_000);
const env = { VITRAIL_RECONCILE_SECONDS: '86400' };

async function takeInSamples({ base }: BenchApp): Promise<void> {
  const photos = (await readdir(join(root, 'samples'))).filter((name) => name.endsWith('.jpg'));
  for (const name of photos)
    await fetch(`${base}/api/assets?filename=${name}`, { method: 'POST', body: await readFile(join(root, 'samples', name)) });
  await searched(base, 'state=ready', photos.length);
}

/** Waits until a search finds so many. */
async function searched(base: string, query: string, wanted: number): Promise<void> {
  for (;;) {
    const { total } = (await (await fetch(`${base}/api/search?${query}&limit=1&facets=none`)).json()) as { total: number };
    if (total >= wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Copies of the records that are there, each a second older than the one before. */
async function multiply(data: string): Promise<void> {
  const records = await openSqliteRecords({ file: join(data, 'records.sqlite') });
  const kept = records.collection<AssetRecord>(collection);
  const originals = await kept.find();
  const ulid = monotonicFactory();
  const now = Date.now();
  for (let from = 0; from < many; from += 1000) {
    const copies = Array.from({ length: Math.min(1000, many - from) }, (_, offset): AssetRecord => {
      const at = now - (from + offset) * 1000;
      const original = originals[(from + offset) % originals.length]!;
      return { ...original, id: ulid(at), sha256: randomBytes(32).toString('hex'), createdAt: at, changedAt: now };
    });
    await kept.insertMany(copies);
  }
  await records.close();
}

interface Held {
  pictures: number;
  nodes: number;
  heapMb: number;
}

/** What the browser holds after it has tidied up. */
async function held(page: Page, devtools: CDPSession): Promise<Held> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
  const pictures = await page.locator('.tile').count();
  return { pictures, nodes: metric('Nodes'), heapMb: metric('JSHeapUsedSize') / 2 ** 20 };
}

/** Scrolls a while by the wheel, as a hurried hand does, and gives how long each frame took, in ms. */
async function framesWhileScrolling(page: Page, seconds: number): Promise<number[]> {
  await page.evaluate(`globalThis.frames_ = []; globalThis.last_ = performance.now(); globalThis.going_ = true;
    (function next() { requestAnimationFrame((now) => { frames_.push(now - last_); last_ = now; if (going_) next(); }); })()`);
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    await page.mouse.wheel(0, 240);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return page.evaluate<number[]>('going_ = false, frames_.slice(1)');
}

const at = (values: readonly number[], share: number): string =>
  (values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? NaN).toFixed(1);
const print = (what: string, { pictures, nodes, heapMb }: Held): void =>
  console.log(
    `${what.padEnd(28)} ${String(pictures).padStart(4)} pictures  ${String(nodes).padStart(6)} nodes  ${heapMb.toFixed(1).padStart(6)} MB`,
  );

const data = await mkdtemp(join(tmpdir(), 'vitrail-page-'));
try {
  {
    await using app = await startBenchApp(env, data);
    await takeInSamples(app);
  }
  await multiply(data);
  await using app = await startBenchApp(env, data);
  await searched(app.base, '', many);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const began = performance.now();
  await page.goto(app.base);
  await page.waitForSelector('.tile img.here');
  console.log(`first picture after ${(performance.now() - began).toFixed(0)} ms, of ${many} assets`);
  print('at the top', await held(page, devtools));
  await page.mouse.move(600, 500);
  const frames = await framesWhileScrolling(page, 15);
  console.log(
    `frames while scrolling: median ${at(frames, 0.5)} ms, 95 % within ${at(frames, 0.95)} ms, 99 % within ${at(frames, 0.99)} ms`,
  );
  const total = Number(await page.evaluate('document.querySelector(".tile")?.ariaSetSize'));
  for (let share = 1; share <= 10; share++) {
    const target = (total * share) / 10;
    // To the end of what has come, until this much has.
    for (;;) {
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      await new Promise((resolve) => setTimeout(resolve, 60));
      const last = Number(await page.locator('.tile').last().getAttribute('aria-posinset'));
      if (last >= target - 1) break;
    }
    print(`after ${Math.round(target)}`, await held(page, devtools));
  }
  const below = await framesWhileScrolling(page, 5);
  await page.evaluate('scrollTo(0, 0)');
  await page.waitForSelector('.tile[aria-posinset="1"] img.here');
  console.log(`frames at the end: median ${at(below, 0.5)} ms, 95 % within ${at(below, 0.95)} ms`);
  print('back at the top', await held(page, devtools));
  await browser.close();
} finally {
  await rm(data, { recursive: true, force: true });
}
