import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');
const node = join(root, 'node_modules', '.bin', 'node');

export interface BenchApp extends AsyncDisposable {
  base: string;
  data: string;
  pid: number;
  /** Milliseconds from the start of the process until it said that it was ready. */
  readyMs: number;
}

/** The program in a process of its own, as `npm start` starts it, with a data folder and a port of its own. */
export async function startBenchApp(env: Record<string, string> = {}, data?: string): Promise<BenchApp> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'vitrail-bench-')));
  const began = performance.now();
  const child = spawn(node, ['--max-semi-space-size=1', join(root, 'main.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      MALLOC_ARENA_MAX: '2',
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      VITRAIL_PORT: '0',
      VITRAIL_RATE_LIMIT: '0',
      VITRAIL_DATA: folder,
      ...env,
    },
  });
  const base = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const [, address] = /ready on (http:\/\/\S+)/.exec(output) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.on('exit', (code) => reject(new Error(`the program ended with ${String(code)} at its start: ${output}`)));
  });
  return {
    base,
    data: folder,
    pid: child.pid ?? 0,
    readyMs: performance.now() - began,
    async [Symbol.asyncDispose]() {
      await ended(child);
      if (data === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode === null) child.kill('SIGTERM');
  await exit;
}

/** CPU time in ms of a process and, unless `alone`, all below it, those that have ended included (proc(5): fields 14 to 17 of stat, in 1/100 s). */
export async function cpuMs(pid: number, { alone = false } = {}): Promise<number> {
  const ticks = async (id: number): Promise<number> => {
    const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, alone ? 13 : 15).reduce((sum, field) => sum + Number(field), 0);
  };
  return (await Promise.all((alone ? [pid] : await tree(pid)).map(ticks))).reduce((sum, value) => sum + value, 0) * 10;
}

async function tree(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const children = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')));
  const ids = children.flatMap((line) => line.trim().split(' ')).filter((id) => id !== '');
  return [pid, ...(await Promise.all(ids.map((id) => tree(Number(id))))).flat()];
}

/** Resident memory of a process in MB (proc(5), VmRSS). */
export async function rssMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
