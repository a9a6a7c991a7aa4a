/**
 * Pictures a second and CPU a picture with the enrichers variants and palette, from upload to searchable, against a raw sharp loop that does the same decode, cascade and
 * encodes (bench/raw-loop.ts), in turn: `node bench/enrich.ts [--pictures DIR] [--count 24] [--rounds 3]`.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { openAsBlob } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import sharp from 'sharp';
import { cpuMs, median, root, startBenchApp } from './app.ts';

const { values } = parseArgs({
  options: {
    pictures: { type: 'string', default: join(root, 'samples') },
    count: { type: 'string', default: '24' },
    rounds: { type: 'string', default: '3' },
  },
});

interface Run {
  wallMs: number;
  cpuMs: number;
  images: number;
  /** Of the CPU time, that of the serving process alone. */
  servingMs?: number;
}

/** As many distinct pictures as asked for: those of the folder, and brighter copies of them at 3840 px where it has too few. */
async function corpus(folder: string, count: number): Promise<string[]> {
  const found = (await readdir(values.pictures, { recursive: true })).filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).sort();
  if (found.length === 0) throw new Error(`there are no pictures in ${values.pictures}`);
  const files: string[] = [];
  for (let k = 0; k < count + 2; k += 1) {
    const source = join(values.pictures, found[k % found.length] ?? '');
    const file = k < found.length ? source : join(folder, `${k}-${basename(source)}.jpg`);
    if (file !== source)
      await sharp(source)
        .resize(3840)
        .modulate({ brightness: 1 + k / 500 })
        .jpeg({ quality: 90 })
        .toFile(file);
    files.push(file);
  }
  return files;
}

async function rawLoop(files: readonly string[]): Promise<Run> {
  const out = await mkdtemp(join(tmpdir(), 'vitrail-raw-'));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'bench', 'raw-loop.ts'), out, ...files]);
    return JSON.parse(stdout) as Run;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function vitrail([first = '', second = '', ...files]: readonly string[]): Promise<Run> {
  await using app = await startBenchApp({
    VITRAIL_MAX_PIXELS: '400000000',
    VITRAIL_PLUGINS_FILE: join(root, 'bench', 'enrich.yaml'),
  });
  const upload = async (file: string) => {
    const form = new FormData();
    form.set('file', await openAsBlob(file), basename(file));
    const { status } = await fetch(`${app.base}/api/assets`, { method: 'POST', body: form });
    if (status !== 202) throw new Error(`${file} was answered with ${status}`);
  };
  const ready = async (count: number) => {
    for (;;) {
      const page = (await (await fetch(`${app.base}/api/search?state=ready&limit=1&facets=none`)).json()) as { total: number };
      if (page.total >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
  // The first ones start the child processes, as the raw loop's first one warms that up.
  await Promise.all([upload(first), upload(second)]);
  await ready(2);
  const cpu = await cpuMs(app.pid);
  const serving = await cpuMs(app.pid, { alone: true });
  const began = performance.now();
  let next = 0;
  const senders = Array.from({ length: 4 }, async () => {
    for (let file = files[next++]; file !== undefined; file = files[next++]) await upload(file);
  });
  await Promise.all(senders);
  await ready(files.length + 2);
  return {
    wallMs: performance.now() - began,
    cpuMs: (await cpuMs(app.pid)) - cpu,
    images: files.length,
    servingMs: (await cpuMs(app.pid, { alone: true })) - serving,
  };
}

const folder = await mkdtemp(join(tmpdir(), 'vitrail-corpus-'));
try {
  const files = await corpus(folder, Number(values.count));
  const runs: { raw: Run; ours: Run }[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1)
    runs.push({ raw: await rawLoop(files), ours: await vitrail(files) });
  const rate = ({ wallMs, images }: Run) => (images / wallMs) * 1000;
  const perImage = (run: Run) => run.cpuMs / run.images;
  const row = (what: string, pick: (run: (typeof runs)[number]) => number, places = 2) =>
    console.log(
      `${what.padEnd(44)} ${median(runs.map(pick)).toFixed(places).padStart(8)}   (${runs.map((run) => pick(run).toFixed(places)).join(', ')})`,
    );
  console.log(`${values.count} pictures, ${availableParallelism()} processors, ${runs.length} rounds; median (all)\n`);
  row('raw sharp loop, images/s', ({ raw }) => rate(raw));
  row('vitrail, upload to searchable, images/s', ({ ours }) => rate(ours));
  row('raw sharp loop, CPU ms per image', ({ raw }) => perImage(raw), 0);
  row('vitrail, CPU ms per image', ({ ours }) => perImage(ours), 0);
  row('of it in the serving process', ({ ours }) => (ours.servingMs ?? 0) / ours.images, 0);
  row('images/s, vitrail / raw (aim >= 0.85)', ({ raw, ours }) => rate(ours) / rate(raw));
  row('CPU, raw / vitrail', ({ raw, ours }) => perImage(raw) / perImage(ours));
} finally {
  await rm(folder, { recursive: true, force: true });
}
