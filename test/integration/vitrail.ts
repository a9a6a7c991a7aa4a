import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');
export const launcher = join(root, 'bin', 'vitrail.js');

export interface Running {
  child: ChildProcess;
  stdout(): string;
  /** Both streams, as they came. */
  output(): string;
  /** Its status, when it has ended. */
  status(): Promise<number | null>;
}

/** `npx vitrail …` as a process of its own, without a terminal. */
export function vitrail(args: string[], { cwd, env }: { cwd?: string; env?: Record<string, string> } = {}): Running {
  const child = spawn(process.execPath, [launcher, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'], VITRAIL_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [texts, all]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.push(text), all.push(text)));
  child.stderr.setEncoding('utf8').on('data', (text: string) => all.push(text));
  const closed = once(child, 'close') as Promise<[number | null]>;
  return { child, stdout: () => texts.join(''), output: () => all.join(''), status: async () => (await closed)[0] };
}

/** Its status and what it printed, when it has ended. */
export async function ended(running: Running): Promise<{ status: number | null; stdout: string; output: string }> {
  const status = await running.status();
  return { status, stdout: running.stdout(), output: running.output() };
}
