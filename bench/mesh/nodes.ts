import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../app.ts';
import type { Place } from './place.ts';

export interface MeshProcess {
  id: string;
  role: 'edge' | 'core' | 'worker';
  pid: number;
  /** Where an edge listens. */
  base: string;
  /** kill -9: it has no time for anything. Its enrichers' children end by themselves. */
  kill(): Promise<void>;
}

export interface NodeWish {
  id: string;
  role: MeshProcess['role'];
  /** Child processes of a worker. */
  slots?: number;
  /** The processor that it and its children are held to. */
  core?: number;
  /** Options of Node.js. */
  flags?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** The nodes of a mesh, each a process of its own; all of them end with it. */
export interface Mesh extends AsyncDisposable {
  /** Resolves when the node says that it is ready. */
  start(wish: NodeWish): Promise<MeshProcess>;
}

const node = join(root, 'node_modules', '.bin', 'node');
const graceSeconds = 5;

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    // Each leads a group, so that Ctrl-C in the terminal reaches this program alone, and what it starts ends as a whole.
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // It has ended already.
  }
}

export function openMesh(place: Place, outside: NodeJS.ProcessEnv): Mesh {
  const running = new Map<ChildProcess, Promise<unknown>>();
  const killAll = (): void => [...running.keys()].forEach((child) => signal(child, 'SIGKILL'));
  process.on('exit', killAll);
  const passed = Object.entries(outside).filter(([name]) => !name.startsWith('VITRAIL_') || name === 'VITRAIL_FFMPEG');

  async function start({ id, role, slots = 1, core, flags = [], env = {} }: NodeWish): Promise<MeshProcess> {
    const program = [node, '--max-semi-space-size=1', ...flags, join(root, 'main.ts')];
    const [command = '', ...args] = core === undefined ? program : ['taskset', '-c', String(core), ...program];
    const child = spawn(command, args, {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(passed),
        MALLOC_ARENA_MAX: '2',
        ...place.env,
        VITRAIL_ROLE: role,
        VITRAIL_NODE_ID: id,
        VITRAIL_PORT: '0',
        VITRAIL_DATA: join(place.folder, id),
        VITRAIL_WORKERS: String(slots),
        VITRAIL_GRACE_SECONDS: String(graceSeconds),
        ...env,
      },
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    running.set(child, ended);
    void ended.then(() => running.delete(child));
    const address = await readyAddress(child, id);
    return {
      id,
      role,
      pid: child.pid ?? 0,
      base: role === 'edge' ? address : '',
      async kill() {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }

  return {
    start,
    async [Symbol.asyncDispose]() {
      for (const child of running.keys()) signal(child, 'SIGTERM');
      const force = setTimeout(killAll, (graceSeconds + 5) * 1000);
      await Promise.all(running.values());
      clearTimeout(force);
      process.off('exit', killAll);
    },
  };
}

/** What it calls itself once it is ready: an address, or its name. */
function readyAddress(child: ChildProcess, id: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4000);
      const [, address] = /Vitrail is ready (?:on|as) (\S+)/.exec(output) ?? [];
      if (address !== undefined) resolve(address);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`${id} ended with ${String(code)} before it was ready:\n${output.trim()}`)));
  });
}
