import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The processors this process may run on, by number (proc(5), Cpus_allowed_list: `0-1,4`). */
export async function cores(): Promise<number[]> {
  const list = /Cpus_allowed_list:\s+(\S+)/.exec(await readFile('/proc/self/status', 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** Whether processes can be held to a core here (taskset of util-linux). */
export const canHold = (): Promise<boolean> =>
  run('taskset', ['--version']).then(
    () => true,
    () => false,
  );

/** Holds a process with all its threads, and those it starts later, to one core. */
export async function hold(pid: number, core: number): Promise<void> {
  await run('taskset', ['-a', '-c', '-p', String(core), String(pid)]);
}

/** CPU of a process so far, its threads included, in ms (proc(5), utime and stime in hundredths of a second). */
export async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
