import { readFile } from 'node:fs/promises';
import { cpuMs } from '../app.ts';
import type { MeshProcess } from './nodes.ts';

/** CPU ms so far: of each node without the children that enrich, and of these together. */
export interface MeshCpu {
  nodes: Readonly<Record<string, number>>;
  children: number;
}

export async function meshCpu(nodes: readonly MeshProcess[]): Promise<MeshCpu> {
  const each = await Promise.all(
    nodes.map(async ({ id, pid }) => {
      const alone = await cpuMs(pid, { alone: true });
      return { id, alone, below: (await cpuMs(pid)) - alone };
    }),
  );
  return {
    nodes: Object.fromEntries(each.map(({ id, alone }) => [id, alone])),
    children: each.reduce((sum, { below }) => sum + below, 0),
  };
}

export const since = (now: MeshCpu, before: MeshCpu): MeshCpu => ({
  nodes: Object.fromEntries(Object.entries(now.nodes).map(([id, ms]) => [id, ms - (before.nodes[id] ?? 0)])),
  children: now.children - before.children,
});

/** Time in ms that a processor has had nothing to do so far (proc(5), /proc/stat: idle and iowait, in 1/100 s). */
export async function idleMs(core: number): Promise<number> {
  const stat = await readFile('/proc/stat', 'utf8');
  const fields = new RegExp(`^cpu${core} (.*)$`, 'm').exec(stat)?.[1]?.split(' ') ?? [];
  return (Number(fields[3]) + Number(fields[4])) * 10;
}
