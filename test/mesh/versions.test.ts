import { withServers } from '../fixtures/servers.ts';
import { until } from '../fixtures/until.ts';
import { allAssets } from '../integration/app.ts';
import { Client, consistent, nodesAt } from './collection.ts';
import { openMesh, pluginsNext, startReady, startRoles, type Node } from './fixture.ts';
import { keptOf } from './kept.ts';

withServers(['mongo', 's3', 'opensearch', 'jetstream'], (env) => {
  const told = async (edge: Node, output: string): Promise<unknown[]> =>
    (await allAssets(edge)).map(({ enrichments }) => enrichments['teller']?.[output]);

  it.concurrent(
    'a worker that joins takes up work without being told of; one with some enrichers takes only those',
    async () => {
      const mesh = openMesh(env);
      const [edge] = await Promise.all([
        startReady(mesh, 'edge-1', 'edge'),
        startReady(mesh, 'core-1', 'core'),
        startReady(mesh, 'worker-1', 'worker', { VITRAIL_PLUGINS: 'palette' }),
      ]);
      const client = new Client(() => edge);
      client.send(6);
      await client.done();
      await until('palettes are made', async () => {
        const { rows } = await keptOf(mesh.place);
        return rows.length === 6 && rows.every(({ enricher, status }) => enricher === 'palette' && status === 'done');
      });
      // Of the other enrichers nobody has heard yet.
      const before = await until('all are ready with no more than that', async () => {
        const all = await allAssets(edge);
        return all.length === 6 && all.every(({ state }) => state === 'ready') && all;
      });
      expect(before.flatMap(({ enrichments }) => Object.keys(enrichments))).toEqual(Array<string>(6).fill('palette'));

      const joined = await startReady(mesh, 'worker-2', 'worker');
      const since = performance.now();
      await until('the new node has done some work', async () => {
        const { rows } = await keptOf(mesh.place);
        return rows.some(({ node, status }) => node === joined.id && status === 'done');
      });
      console.info(`a node that joins has done work after ${Math.round(performance.now() - since)} ms`);
      client.send(6);
      await client.done();
      await consistent(mesh, edge, client);
      expect(new Set(await told(edge, 'node'))).toEqual(new Set([joined.pid]));
      expect((await nodesAt(edge)).map(({ id, available }) => `${id} ${available}`).sort()).toEqual(
        ['core-1', 'edge-1', 'worker-1', 'worker-2'].map((id) => `${id} true`),
      );
    },
    240_000,
  );

  it.concurrent(
    'the next version of an enricher redoes its work beside the older one, whose node neither loses results nor brings old ones back',
    async () => {
      const mesh = openMesh(env);
      const [edge] = await startRoles(mesh, ['edge', 'core', 'worker']);
      const client = new Client(() => edge);
      client.send(6);
      await client.done();
      await consistent(mesh, edge, client);
      expect(new Set(await told(edge, 'generation'))).toEqual(new Set([1]));

      // From here on every look has to find a result on every asset, and none that is older than one seen before.
      const newer = await startReady(mesh, 'worker-2', 'worker', pluginsNext);
      const seen = new Map<string, number>();
      const faults: string[] = [];
      const look = async (): Promise<boolean> => {
        const all = await allAssets(edge);
        for (const { id, filename, enrichments } of all) {
          const generation = Number(enrichments['teller']?.['generation'] ?? 0);
          if (generation < (seen.get(id) ?? 0)) faults.push(`${filename} went from ${seen.get(id)} to ${generation}`);
          seen.set(id, generation);
        }
        return all.every(({ enrichments }) => enrichments['teller']?.['generation'] === 2);
      };
      for (const { id } of await allAssets(edge)) seen.set(id, 1);
      await until('all is redone', look);
      await newer.kill();

      client.send(3);
      await client.done();
      await until('new work waits, and says for what', async () => {
        await look();
        const { rows } = await keptOf(mesh.place);
        const waiting = rows.filter(({ status }) => status === 'unavailable');
        return (
          waiting.length === 3 &&
          waiting.every(({ enricher, error }) => enricher === 'teller' && (error?.message ?? '').includes('Version 2'))
        );
      });
      await startReady(mesh, 'worker-2', 'worker', pluginsNext);
      await until('the rest is done by the newer one', look);
      await consistent(mesh, edge, client);
      expect(faults).toEqual([]);
      expect(new Set(await told(edge, 'generation'))).toEqual(new Set([2]));
    },
    300_000,
  );
});
