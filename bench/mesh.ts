/**
 * What the mesh costs: `node bench/mesh.ts [--count 24] [--warm 24] [--rounds 3] [--profile DIR]`, on the servers that the environment names, in a database,
 * bucket, index and streams of its own. The first pictures (`--warm`) are not measured: a node has compiled what it runs by then.
 * - CPU of every node but the children that enrich, as a share of the children's: what it costs to be many.
 * - Two workers, each held to a processor, against one held to one. By the clock, and by the time that their processors had for them:
 *   what else runs on the machine takes from the first alone.
 * Photographs of 4K, 24 MP and a phone, every enricher. `--small` takes samples of 480 px instead: many assets in a short time, what an asset
 * costs edge and core without its bytes. `--profile` writes CPU profiles of these two into a folder.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './app.ts';
import { missingServers } from './mesh/place.ts';
import { photographs, thumbnails } from './mesh/pictures.ts';
import { meshRun, type MeshRun } from './mesh/run.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '24' },
    warm: { type: 'string', default: '24' },
    rounds: { type: 'string', default: '3' },
    small: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const missing = missingServers(process.env);
if (missing.length > 0) throw new Error(`set ${missing.join(', ')}: docs/infrastructure.md says how such servers are had`);

const [count, warmUp] = [Number(values.count), Number(values.warm)];
const pictures = values.small ? thumbnails : photographs;
const flags =
  values.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-interval=5000', `--cpu-prof-dir=${resolve(values.profile)}`];
const worker = (n: number) => ({ id: `worker-${n}`, role: 'worker', core: n - 1 }) as const;
const runs: { one: MeshRun; two: MeshRun }[] = [];
for (let round = 0; round < Number(values.rounds); round += 1) {
  const one = await meshRun({ count, warmUp, pictures, flags, workers: [worker(1)] });
  const two = await meshRun({ count, warmUp, pictures, flags, workers: [worker(1), worker(2)] });
  runs.push({ one, two });
  console.error(`round ${round + 1} of ${values.rounds}`);
}

function row(what: string, pick: (run: (typeof runs)[number]) => number, places = 2): void {
  const all = runs.map(pick);
  console.log(
    `${what.padEnd(62)} ${median(all).toFixed(places).padStart(8)}   (${all.map((one) => one.toFixed(places)).join(', ')})`,
  );
}
const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);
const control = ({ cpu }: MeshRun): number => sum(Object.values(cpu.nodes));

console.log(`${count} pictures a run, ${runs.length} rounds; median (all)\n`);
for (const workers of ['one', 'two'] as const) {
  console.log(`${workers} worker${workers === 'two' ? 's' : ''}, CPU ms a picture`);
  for (const id of Object.keys(runs[0]?.[workers].cpu.nodes ?? {}))
    row(`  ${id}, without children`, (run) => (run[workers].cpu.nodes[id] ?? 0) / count, 1);
  row('  children that enrich', (run) => run[workers].cpu.children / count, 0);
  row('  all nodes / children, % (aim <= 3)', (run) => (100 * control(run[workers])) / run[workers].cpu.children);
}
console.log('two workers on two processors / one on one (aim >= 1.8)');
row('  pictures/s by the clock', ({ one, two }) => one.wallMs / two.wallMs);
row('  pictures per second of a processor that was free for them', ({ one, two }) => one.freeMs / (two.freeMs / 2));
row('  assets that both worked on, %', ({ two }) => 100 * two.moved);
row('  CPU of the children a picture', ({ one, two }) => two.cpu.children / one.cpu.children);

console.log('kept, bytes an asset');
const kept = (what: string, pick: (run: MeshRun['kept']) => number) => row(`  ${what}`, ({ two }) => pick(two.kept), 0);
for (const name of Object.keys(runs[0]?.two.kept.records ?? {}))
  kept(`MongoDB ${name}`, ({ records, assets }) => (records[name] ?? 0) / assets);
for (const name of Object.keys(runs[0]?.two.kept.objects ?? {}))
  kept(name === 'objects' ? 'S3, how many objects' : `S3 ${name}`, ({ objects, assets }) => (objects[name] ?? 0) / assets);
kept('OpenSearch', ({ index, assets }) => index / assets);
kept('JetStream, while it waits', ({ queued }) => queued);
console.log('resident memory, MB');
for (const id of Object.keys(runs[0]?.two.kept.rss ?? {}))
  row(`  ${id}, without children`, ({ two }) => two.kept.rss[id] ?? 0, 0);
