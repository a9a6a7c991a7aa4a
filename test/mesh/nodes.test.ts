import { withServers } from '../fixtures/servers.ts';
import { until } from '../fixtures/until.ts';
import { ask } from '../integration/app.ts';
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

const kinds = ['worker', 'core', 'edge'] as const;

/** Resolves when so many assets are found as ready. */
const ready = (at: () => Node, count: number): Promise<true> =>
  until(`${count} are ready`, async () => {
    const answer = await ask<{ total?: number }>(at(), '/api/search?state=ready&limit=1&facets=none').catch(() => undefined);
    return (answer?.body.total ?? 0) >= count;
  });

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
    const edge = (): Node => nodes.get('edge-1')!;
    const client = new Client(edge);
    const turns = [...kinds, ...kinds];
    const began = performance.now();
    client.send(pictures);
    for (const [turn, role] of turns.entries()) {
      await ready(edge, ((turn + 1) * pictures) / (turns.length + 1));
      await nodes.get(`${role}-1`)!.kill();
      nodes.set(`${role}-1`, await startReady(mesh, `${role}-1`, role));
    }
    await client.done();
    await consistent(mesh, edge(), client, 300_000);
    const ms = performance.now() - began;
    // Told and not asserted: how long is a matter of the machine.
    console.info(`killed: ${seconds(ms)}, ${(ms / undisturbedMs).toFixed(2)} of undisturbed`);
    expect(client.wrong).toEqual([]);
  }, 600_000);

  it('nodes of each kind are killed, and stay away until the others miss them: nothing is lost and nothing doubled', async () => {
    const mesh = openMesh(env);
    const nodes = await startAll(mesh);
    const edge = (): Node => nodes.get('edge-1')!;
    const client = new Client(edge);
    for (const role of kinds) {
      const { size } = client.taken;
      client.send(30);
      await until('some more are taken', () => client.taken.size > size);
      await nodes.get(`${role}-1`)!.kill();
      const witness = nodes.get(role === 'edge' ? 'core-1' : 'edge-1')!;
      const missed = `Heartbeat is not received from '${role}-1'`;
      await until(`${role}-1 is missed`, () => witness.output().includes(missed));
      nodes.set(`${role}-1`, await startReady(mesh, `${role}-1`, role));
    }
    await client.done();
    await consistent(mesh, edge(), client, 300_000);
    expect(client.wrong).toEqual([]);
  }, 600_000);
});
