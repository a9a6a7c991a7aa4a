/** Nodes of the program as processes, on real servers, to be killed and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../config/roles.ts';
import { freePort } from '../fixtures/free-port.ts';
import { type MeshPlace, type MeshServers, newPlace, removePlace } from '../fixtures/own-mesh.ts';
import { until } from '../fixtures/until.ts';

const root = join(import.meta.dirname, '..', '..');
export const pluginsNext = { VITRAIL_PLUGINS_FILE: join(import.meta.dirname, 'plugins-next.yaml') };

export interface Node {
  readonly id: string;
  readonly pid: number;
  /** Where it answers over HTTP, if it does. */
  readonly base: string;
  /** Everything it printed so far. */
  output(): string;
  /** Ends it and its children at once. */
  kill(): Promise<void>;
  /** What `/ready` of its health port answers; undefined while nobody answers there. */
  ready(): Promise<{ status: number; reasons: string[] } | undefined>;
}

export interface Mesh {
  /** Where its servers are, and what is its own on them. */
  readonly place: MeshPlace;
  /** Starts a node; under the name of an earlier one it gets the same ports. */
  start(id: string, role: Role, env?: Record<string, string>): Promise<Node>;
}

const children = new Set<ChildProcess>();
const outputs: { id: string; output(): string }[] = [];

/** The last words of every node, for who wants to know why a test failed. */
export const lastWords = (): string => outputs.map(({ id, output }) => `--- ${id}\n${output().slice(-3000)}`).join('\n');
const folders = new Set<string>();
const places = new Set<MeshPlace>();

async function end(child: ChildProcess): Promise<void> {
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  try {
    // Its own children are of its group.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // All of them have ended already.
  }
  await ended;
  children.delete(child);
}

/** Whatever a test left behind, also one that failed or ran out of time. */
async function clear(): Promise<void> {
  await Promise.all([...children].map(end));
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  folders.clear();
  outputs.length = 0;
  const left = [...places];
  places.clear();
  for (const place of left) await removePlace(place);
}
afterEach(clear, 60_000);
// Those that run beside each other are cleared up after when all are over.
afterAll(clear, 60_000);

interface MeshOptions {
  /** The servers go after the tests, with all that is on them. */
  serversToo?: boolean;
  /** What nodes run. Default: the program as it is. */
  program?: string;
}

/** A mesh in a place of its own on these servers, taken away after the test; where the servers go too, with them. */
export function openMesh(servers: MeshServers, { serversToo = false, program = join(root, 'main.ts') }: MeshOptions = {}): Mesh {
  const place = newPlace(servers);
  if (!serversToo) places.add(place);
  const ports = new Map<string, { http: number; health: number }>();

  return {
    place,
    async start(id, role, more = {}) {
      const { http, health } = ports.get(id) ?? { http: await freePort(), health: await freePort() };
      ports.set(id, { http, health });
      const data = await mkdtemp(join(tmpdir(), 'vitrail-mesh-'));
      folders.add(data);
      const child = spawn(join(root, 'node_modules', '.bin', 'node'), ['--max-semi-space-size=1', program], {
        cwd: root,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          VITRAIL_ROLE: role,
          VITRAIL_NODE_ID: id,
          VITRAIL_PORT: String(http),
          VITRAIL_HEALTH_PORT: String(health),
          VITRAIL_DATA: data,
          VITRAIL_PROFILE: 'distributed',
          VITRAIL_WORKERS: '1',
          VITRAIL_PLUGINS_FILE: join(import.meta.dirname, 'plugins.yaml'),
          ...place,
          ...more,
        },
      });
      children.add(child);
      let output = '';
      outputs.push({ id, output: () => output });
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      return {
        id,
        pid: child.pid ?? 0,
        base: `http://127.0.0.1:${http}`,
        output: () => output,
        kill: () => end(child),
        async ready() {
          if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${id} ended: ${output.slice(-2000)}`);
          const answer = await fetch(`http://127.0.0.1:${health}/ready`, { signal: AbortSignal.timeout(10_000) }).catch(
            () => undefined,
          );
          if (!answer) return undefined;
          const { reasons = [] } = (await answer.json()) as { reasons?: string[] };
          return { status: answer.status, reasons };
        },
      };
    },
  };
}

export const isReady = (node: Node): Promise<boolean> =>
  until(`${node.id} is ready`, async () => (await node.ready())?.status === 200);

/** Starts a node and waits until it can do its part. */
export async function startReady(mesh: Mesh, id: string, role: Role, env?: Record<string, string>): Promise<Node> {
  const node = await mesh.start(id, role, env);
  await isReady(node);
  return node;
}

/** Starts one node of each of these roles, `<role>-1`, and waits until all can do their part; answers them in the order of the roles. */
export const startRoles = async <const R extends readonly Role[]>(mesh: Mesh, roles: R): Promise<{ [K in keyof R]: Node }> =>
  (await Promise.all(roles.map((role) => startReady(mesh, `${role}-1`, role)))) as { [K in keyof R]: Node };
