import { withServers } from '../fixtures/servers.ts';
import { allAssets, ask, until, upload } from '../integration/app.ts';
import { Client, consistent, nodesAt, picture, recordsOf } from './collection.ts';
import { isReady, openMesh, pluginsNext, startReady, type Node } from './fixture.ts';

withServers(['mongo', 's3', 'opensearch', 'jetstream'], (env) => {
  const told = async (edge: Node, output: string): Promise<unknown[]> =>
    (await allAssets(edge)).map(({ enrichments }) => enrichments['teller']?.[output]);

  it('the same bytes fifty times at once over two edges are one asset', async () => {
    const mesh = openMesh(env);
    const [, one, other] = (await Promise.all([
      startReady(mesh, 'core-1', 'core'),
      startReady(mesh, 'edge-1', 'edge'),
      startReady(mesh, 'edge-2', 'edge'),
    ])) as [Node, Node, Node];
    const bytes = await picture(0);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => upload(n % 2 ? one : other, bytes, {}, 'same.jpg')));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(49).fill(200), 202]);
    expect((await recordsOf(mesh)).assets).toHaveLength(1);
  }, 120_000);

  it('a worker that joins takes up work without being told of; one with some enrichers takes only those', async () => {
    const mesh = openMesh(env);
    const [, edge] = (await Promise.all([
      startReady(mesh, 'core-1', 'core'),
      startReady(mesh, 'edge-1', 'edge'),
      startReady(mesh, 'worker-1', 'worker', { VITRAIL_PLUGINS: 'palette' }),
    ])) as [Node, Node, Node];
    const client = new Client();
    client.send(() => edge, 0, 6);
    await client.done();
    // Nobody else is there for the rest of the work yet.
    await until('palettes alone are made', async () => {
      const { rows } = await recordsOf(mesh);
      return (
        rows.length === 24 && rows.every(({ enricher, status }) => status === (enricher === 'palette' ? 'done' : 'unavailable'))
      );
    });
    const joined = await startReady(mesh, 'worker-2', 'worker');
    client.send(() => edge, 6, 12);
    await client.done();
    await consistent(mesh, edge, client);
    expect(new Set(await told(edge, 'node'))).toEqual(new Set([joined.pid]));
    expect((await nodesAt(edge)).map(({ id, available }) => `${id} ${available}`)).toEqual(
      ['core-1', 'edge-1', 'worker-1', 'worker-2'].map((id) => `${id} true`),
    );
  }, 180_000);

  it('the next version of an enricher redoes its work, and no older node undoes it', async () => {
    const mesh = openMesh(env);
    const [, edge] = (await Promise.all([
      startReady(mesh, 'core-1', 'core'),
      startReady(mesh, 'edge-1', 'edge'),
      startReady(mesh, 'worker-1', 'worker'),
    ])) as [Node, Node, Node];
    const client = new Client();
    client.send(() => edge, 0, 6);
    await client.done();
    await consistent(mesh, edge, client);

    const newer = await startReady(mesh, 'worker-2', 'worker', pluginsNext);
    await until('all is redone', async () => (await told(edge, 'generation')).every((generation) => generation === 2));
    await newer.kill();
    client.send(() => edge, 6, 9);
    await client.done();
    await until('new work waits, and says for what', async () => {
      const { rows } = await recordsOf(mesh);
      const waiting = rows.filter(({ status }) => status === 'unavailable');
      return (
        waiting.length === 3 &&
        waiting.every(({ enricher, error }) => enricher === 'teller' && /Version 2/.test(error?.message ?? ''))
      );
    });
    expect((await told(edge, 'generation')).filter((generation) => generation === 1)).toEqual([]);
    expect((await ask(edge, '/api/nodes')).status).toBe(200);
    await isReady(await mesh.start('worker-2', 'worker', pluginsNext));
    await consistent(mesh, edge, client);
    expect(new Set(await told(edge, 'generation'))).toEqual(new Set([2]));
  }, 240_000);
});
