import { withServers } from '../fixtures/servers.ts';
import { until } from '../integration/app.ts';
import { Client, consistent } from './collection.ts';
import { openMesh, startReady, type Node } from './fixture.ts';

/** More than these in a bench: VITRAIL_TORTURE_PICTURES. */
const pictures = Number(process.env['VITRAIL_TORTURE_PICTURES'] ?? 40);

withServers(['mongo', 's3', 'opensearch', 'jetstream'], (env) => {
  it('nodes of each kind are killed in turn, twice: nothing is lost and nothing doubled', async () => {
    const mesh = openMesh(env);
    const starts = [
      ['core-1', 'core'],
      ['edge-1', 'edge'],
      ['worker-1', 'worker'],
      ['worker-2', 'worker'],
    ] as const;
    const nodes = new Map<string, Node>();
    for (const node of await Promise.all(starts.map(([id, role]) => startReady(mesh, id, role)))) nodes.set(node.id, node);
    const node = (id: string): Node => nodes.get(id)!;
    const edge = (): Node => node('edge-1');
    const client = new Client();

    const turns = (['worker', 'core', 'edge'] as const).flatMap((role) => [
      { role, missed: false },
      { role, missed: true },
    ]);
    for (const [turn, { role, missed }] of turns.entries()) {
      const before = client.taken.size;
      client.send(edge, Math.round((turn * pictures) / turns.length), Math.round(((turn + 1) * pictures) / turns.length));
      await until('some are taken', () => client.taken.size > before);
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
    expect(client.wrong).toEqual([]);
    expect(client.taken.size).toBe(pictures);
  }, 600_000);
});
