/**
 * Pictures a second through the real pool with a number of child processes, the CPU and memory of each and the event-loop delay of
 * this process meanwhile: `node bench/enrichers/children.ts SLOTS PICTURES FILE` prints `{ perSecond, childCpu, parentCpu (ms a
 * picture), childMb: [most resident memory of each], delayP99 (ms) }` as JSON. `PICTURES` are for each child. Each picture is the
 * file with other bytes at its end, so that it is an asset of its own; its enrichers run one after another, as the pipeline does it.
 * Where there is `taskset`, each child is held to a core of its own once it is up, with all its threads; this process is not.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp from 'sharp';
import { openFsBlobs } from '../../drivers/blobs/fs.ts';
import { openEnricherPool } from '../../mixins/enricher/pool.ts';
import type { EnricherAsset } from '../../plugins/sdk/enricher.ts';
import { canHold, cores, cpuOf, hold } from './cores.ts';
import { pluginsFor } from './enrich.ts';

const [slots = '1', pictures = '6', file = ''] = process.argv.slice(2);

/** Most resident memory of a process so far, in MB (proc(5), VmHWM). */
const peakMb = async (pid: number): Promise<number> =>
  Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

async function childProcesses(): Promise<number[]> {
  const tasks = await readdir('/proc/self/task');
  const lines = await Promise.all(tasks.map((task) => readFile(`/proc/self/task/${task}/children`, 'utf8')));
  return lines.flatMap((line) => line.split(' ').map(Number)).filter((pid) => pid > 0);
}

const data = await mkdtemp(join(tmpdir(), 'vitrail-pool-'));
const blobs = await openFsBlobs({ root: join(data, 'blobs') });
const warn = (...said: unknown[]): void => console.error(...said);
const pool = openEnricherPool({
  slots: Number(slots),
  // MALLOC_ARENA_MAX as config/index.ts sets it for them.
  env: { ...process.env, VITRAIL_DATA: data, VITRAIL_MAX_PIXELS: '100000000', MALLOC_ARENA_MAX: '2' },
  logger: { debug: () => undefined, warn },
});
const plugins = await pluginsFor('image/jpeg');

async function takeIn(k: number, bytes: Buffer, size: { width: number; height: number }): Promise<EnricherAsset> {
  const id = `picture-${k}`;
  const received = await blobs.receive(id, Buffer.concat([bytes, Buffer.from(id)]));
  await blobs.commit(received.tmp, `originals/${received.sha256}`);
  return { id, sha256: received.sha256, filename: `${id}.jpg`, type: 'image/jpeg', bytes: received.bytes, ...size };
}

async function enrich(asset: EnricherAsset): Promise<void> {
  const inputs: Record<string, Record<string, unknown>> = {};
  for (const { enricher, config, module } of plugins) {
    const job = { enricher: enricher.name, module: module.href, config, asset, fingerprint: 'f'.repeat(64), inputs };
    inputs[enricher.name] = (await pool.run(job, { timeoutMs: enricher.run.timeoutMs })).outputs;
  }
}

try {
  const bytes = await readFile(file);
  const { width, height } = (await sharp(bytes).metadata()).autoOrient;
  const assets: EnricherAsset[] = [];
  const warmUp = 2 * Number(slots);
  const count = Number(pictures) * Number(slots);
  for (let k = 0; k < count + warmUp; k += 1) assets.push(await takeIn(k, bytes, { width, height }));
  // The first ones start the child processes and load what they need.
  await Promise.all(assets.splice(0, warmUp).map(enrich));
  const children = await childProcesses();
  if (children.length !== Number(slots)) throw new Error(`there are ${children.length} child processes instead of ${slots}`);
  const free = (await canHold()) ? await cores() : [];
  for (const [at, core] of free.slice(0, children.length).entries()) await hold(children[at] ?? 0, core);
  const cpuOfAll = async (): Promise<number> => (await Promise.all(children.map(cpuOf))).reduce((sum, ms) => sum + ms, 0);

  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [childrenBefore, parentBefore] = [await cpuOfAll(), process.cpuUsage()];
  const began = performance.now();
  // One more in flight than there are child processes, so that none waits for the next picture.
  const flows = Array.from({ length: Number(slots) + 1 }, async () => {
    for (let asset = assets.shift(); asset; asset = assets.shift()) await enrich(asset);
  });
  await Promise.all(flows);
  const seconds = (performance.now() - began) / 1000;
  delay.disable();
  const { user, system } = process.cpuUsage(parentBefore);
  const childCpu = ((await cpuOfAll()) - childrenBefore) / count;
  const childMb = await Promise.all(children.map(peakMb));
  const measured = { perSecond: count / seconds, childCpu, parentCpu: (user + system) / 1000 / count };
  console.log(JSON.stringify({ ...measured, childMb, delayP99: delay.percentile(99) / 1e6 }));
} finally {
  await pool.stop(0);
  await blobs.close();
  await rm(data, { recursive: true, force: true });
}
