/**
 * What enriching costs beyond what no program could do without: `node bench/enrichers.ts [--rounds 5] [--pictures 6]
 * [--only stages|children]`. It takes the enrichers of config/plugins.yaml as they are.
 *
 * - CPU by stage (bench/enrichers/stages.ts) for a 4K, a 24 MP and a 12 MP phone picture, as a share of a raw sharp loop that
 *   decodes, scales and encodes the same sizes, in turn, in one process.
 * - Two child processes against one (bench/enrichers/children.ts) on the 24 MP picture: pictures a second and CPU a picture, memory of
 *   each child, event-loop delay of the process that serves while they are busy. Where there is `taskset`, each child is held to a core,
 *   the one too, which else would use both; the serving process is not held. Beside it what the machine itself can do: the raw loop
 *   (bench/raw-loop.ts) in two processes, a core each, against one. Wants two processors that nobody else uses.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { median, root } from './app.ts';
import { canHold, cores } from './enrichers/cores.ts';
import { scratch, testPictures } from './enrichers/pictures.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    pictures: { type: 'string', default: '6' },
    only: { type: 'string' },
  },
});
/** Enrichers that run neural networks: the first aim leaves them out. */
const networks = ['tags'];
type Stages = Record<string, number>;

/** A part of this bench in a process with the flags of `npm start`, and what it prints. */
async function part<T>(name: string, ...args: readonly string[]): Promise<T> {
  const data = join(scratch, 'data');
  await mkdir(data, { recursive: true });
  const env = { ...process.env, MALLOC_ARENA_MAX: '2', VITRAIL_DATA: data };
  const script = join(root, 'bench', 'enrichers', name);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--max-semi-space-size=1', script, ...args], { env });
  process.stderr.write(stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

const sum = (stages: Stages, names: readonly string[]): number => names.reduce((total, name) => total + (stages[name] ?? 0), 0);
const aim = (value: number, holds: boolean, wish: string): string =>
  `${value.toFixed(2)} (aim ${wish}: ${holds ? 'met' : 'missed'})`;

async function stages(): Promise<void> {
  const pictures = await testPictures();
  const measured = await part<Stages[][]>('stages.ts', values.rounds, ...pictures.map(({ file }) => file));
  const names = Object.keys(measured[0]?.[0] ?? {}).filter((name) => name !== 'floor');
  const cheap = names.filter((name) => !networks.includes(name));
  const row = (title: string, cell: (rounds: Stages[]) => string) =>
    console.log(title.padEnd(34) + measured.map((rounds) => cell(rounds).padStart(28)).join(''));
  const middle = (of: (round: Stages) => number) => (rounds: Stages[]) => median(rounds.map(of)).toFixed(0);

  console.log(`CPU ms a picture, medians of ${values.rounds} rounds`);
  console.log(' '.repeat(34) + pictures.map(({ title }) => (title.split(' (')[0] ?? '').padStart(28)).join(''));
  row(
    'raw loop: decode, cascade, encodes',
    middle((round) => round['floor'] ?? NaN),
  );
  row(
    'still: decode, cascade',
    middle((round) => round['still'] ?? NaN),
  );
  for (const name of names.filter((other) => other !== 'still'))
    row(
      name,
      middle((round) => round[name] ?? NaN),
    );
  row(
    'all but networks',
    middle((round) => sum(round, cheap)),
  );
  row(
    'everything',
    middle((round) => sum(round, names)),
  );
  const share = (of: readonly string[]) => (rounds: Stages[]) =>
    median(rounds.map((round) => sum(round, of) / (round['floor'] ?? NaN)));
  const [without, whole] = [share(cheap), share(names)];
  row('all but networks / raw loop', (rounds) => aim(without(rounds), without(rounds) <= 1.25, '<= 1.25'));
  row('everything / raw loop', (rounds) => aim(whole(rounds), whole(rounds) <= 1.6, '<= 1.60'));
  const missing = networks.filter((name) => !names.includes(name));
  if (missing.length > 0) console.log(`config/plugins.yaml does not enable ${missing.join(', ')}: nothing here runs a network`);
}

interface Children {
  perSecond: number;
  childCpu: number;
  parentCpu: number;
  childMb: number[];
  delayP99: number;
}

/** Pictures a second and CPU ms a picture of the raw loop in one process on each of these cores. */
async function rawLoop(file: string, on: readonly number[]): Promise<Pick<Children, 'perSecond' | 'childCpu'>> {
  // Two more, with which it warms up.
  const files = Array.from({ length: Number(values.pictures) + 2 }, () => file);
  const loops = on.map(async (core) => {
    const out = join(scratch, 'raw', String(core));
    const script = ['-c', String(core), process.execPath, join(root, 'bench', 'raw-loop.ts'), out, ...files];
    const { stdout } = await promisify(execFile)('taskset', script);
    return JSON.parse(stdout) as { wallMs: number; cpuMs: number; images: number };
  });
  const ends = await Promise.all(loops);
  const sumOf = (of: (end: (typeof ends)[number]) => number): number => ends.reduce((total, end) => total + of(end), 0);
  return {
    perSecond: sumOf(({ images, wallMs }) => (1000 * images) / wallMs),
    childCpu: sumOf(({ cpuMs }) => cpuMs) / sumOf(({ images }) => images),
  };
}

async function children(): Promise<void> {
  const [picture] = await testPictures(['24mp']);
  const file = picture?.file ?? '';
  const [first, second] = await cores();
  const held = (await canHold()) && first !== undefined && second !== undefined ? [first, second] : undefined;
  const rounds: { one: Children; two: Children }[] = [];
  const raw: { one: Awaited<ReturnType<typeof rawLoop>>; two: Awaited<ReturnType<typeof rawLoop>> }[] = [];
  for (let round = 0; round < 3; round += 1) {
    const run = (slots: number) => part<Children>('children.ts', String(slots), values.pictures, file);
    rounds.push({ one: await run(1), two: await run(2) });
    if (held) raw.push({ one: await rawLoop(file, held.slice(0, 1)), two: await rawLoop(file, held) });
  }
  const middle = (of: (round: (typeof rounds)[number]) => number) => median(rounds.map(of));
  const ratio = middle(({ one, two }) => two.perSecond / one.perSecond);
  const mb = Math.max(...rounds.flatMap(({ one, two }) => [...one.childMb, ...two.childMb]));
  const delay = middle(({ two }) => two.delayP99);
  const line = (title: string, measured: readonly Children[]) => {
    const of = (what: 'perSecond' | 'childCpu' | 'parentCpu') => median(measured.map((one) => one[what]));
    const cpu = `CPU ms a picture: ${of('childCpu').toFixed(0)} in children, ${of('parentCpu').toFixed(0)} in the serving process`;
    console.log(`${title} ${of('perSecond').toFixed(2)} pictures/s; ${cpu}`);
  };
  console.log(
    `\nChild processes, 24 MP, ${availableParallelism()} processors, medians of 3 rounds of ${values.pictures} pictures a child`,
  );
  console.log(
    held
      ? `each child held to a core (${held.join(', ')}) with all its threads, the serving process to none`
      : 'no child is held to a core: there is no taskset, or there are not two cores. The one uses more than one then',
  );
  line(
    'one: ',
    rounds.map(({ one }) => one),
  );
  line(
    'two: ',
    rounds.map(({ two }) => two),
  );
  console.log(`two / one                     ${aim(ratio, ratio >= 1.8, '>= 1.80')}`);
  if (raw.length > 0) {
    const ceiling = median(raw.map(({ one, two }) => two.perSecond / one.perSecond));
    const [alone, both] = [median(raw.map(({ one }) => one.childCpu)), median(raw.map(({ two }) => two.childCpu))];
    console.log(
      `raw loop, held alike          ${ceiling.toFixed(2)} (CPU ms a picture ${alone.toFixed(0)} in one, ${both.toFixed(0)} in two)`,
    );
  }
  console.log(`most memory of a child, MB    ${aim(mb, mb < 600, '< 600')}`);
  console.log(`event-loop delay p99, ms      ${aim(delay, delay < 20, '< 20')}`);
}

if (values.only !== 'children') await stages();
if (values.only !== 'stages') await children();
