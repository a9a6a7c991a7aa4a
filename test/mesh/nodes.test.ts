import { withServers } from '../fixtures/servers.ts';
import { until } from '../fixtures/until.ts';
import { Client, consistent } from './collection.ts';
import { openMesh, startReady, type Mesh, type Node } from './fixture.ts';

const pictures = 200;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
/** One of each kind is killed, and another worker. */
const starts = [
  ['core-1', 'core'],
  ['edge-1', 'edge'],
  ['worker-1', 'worker'],
  ['worker-2', 'worker'],
] as const;

async function startAll(mesh: Mesh): Promise<Map<string, Node>> {
  const nodes = await Promise.all(starts.map(([id, role]) => startReady(mesh, id, role)));
  return new Map(nodes.map((node) => [node.id, node]));
}

withServers(['mongo', 's3', 'opensearch', 'jetstream'], (env) => {
  let undisturbedMs = NaN;

  it('two hundred pictures go through a mesh', async () => {
    const mesh = openMesh(env);
    const nodes = await startAll(mesh);
    const edge = nodes.get('edge-1')!;
    const client = new Client(() => edge);
    const began = performance.now();
    client.send(pictures);
    await client.done();
    await consistent(mesh, edge, client);
    undisturbedMs = performance.now() - began;
    expect(client.wrong).toEqual([]);
    console.info(`undisturbed: ${seconds(undisturbedMs)}`);
  }, 600_000);

  it('nodes of each kind are killed in turn, twice: nothing is lost and nothing doubled', async () => {
    const mesh = openMesh(env);
    const nodes = await startAll(mesh);
    const node = (id: string): Node => nodes.get(id)!;
    const edge = (): Node => node('edge-1');
    const client = new Client(edge);

    const turns = (['worker', 'core', 'edge'] as const).flatMap((role) => [
      { role, missed: false },
      { role, missed: true },
    ]);
    const began = performance.now();
    client.send(pictures);
    for (const { role, missed } of turns) {
      const { size } = client.taken;
      if (size < pictures) await until('some more are taken', () => client.taken.size > size);
      const victim = node(`${role}-1`);
      await victim.kill();
      // The others take it for dead, or do not even notice.
      const witness = node(role === 'edge' ? 'core-1' : 'edge-1');
      if (missed)
        await until(`${victim.id} is missed`, () => witness.output().includes(`Heartbeat is not received from '${victim.id}'`));
      nodes.set(victim.id, await startReady(mesh, victim.id, role));
    }
    await client.done();
    await consistent(mesh, edge(), client, 300_000);
    const ms = performance.now() - began;
    // Told and not asserted: how long is a matter of the machine.
    console.info(`killed: ${seconds(ms)}, ${(ms / undisturbedMs).toFixed(2)} of undisturbed`);
    expect(client.wrong).toEqual([]);
  }, 600_000);
});
