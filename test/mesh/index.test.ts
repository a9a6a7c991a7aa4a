import { withServers } from '../fixtures/servers.ts';
import { until } from '../fixtures/until.ts';
import { allAssets, ask } from '../integration/app.ts';
import { Client, consistent } from './collection.ts';
import { openMesh, startRoles, type Mesh, type Node } from './fixture.ts';

const pictures = 30;

withServers(['mongo', 's3', 'opensearch', 'jetstream'], (env) => {
  async function filled(): Promise<{ mesh: Mesh; edge: Node; client: Client }> {
    const mesh = openMesh(env);
    const [edge] = await startRoles(mesh, ['edge', 'core', 'worker']);
    const client = new Client(() => edge);
    client.send(pictures);
    await client.done();
    await consistent(mesh, edge, client);
    return { mesh, edge, client };
  }

  it.concurrent(
    'the index is made anew while it is read: every read is answered in full',
    async () => {
      const { mesh, edge, client } = await filled();
      let reading = true;
      const wrong: string[] = [];
      let reads = 0;
      const read = async (): Promise<void> => {
        while (reading) {
          const { status, body } = await ask<{ total: number }>(edge, '/api/search?limit=1&facets=none');
          if (status !== 200 || body.total !== pictures) wrong.push(`${status} ${JSON.stringify(body)}`);
          reads += 1;
        }
      };
      const readers = Promise.all([read(), read(), read()]);
      const indexes = async (): Promise<string> =>
        (await fetch(`${env.VITRAIL_OPENSEARCH_URL}/_cat/indices/${mesh.place.VITRAIL_NAMESPACE}*?h=index`)).text();
      const before = await indexes();
      const asked = await ask(edge, '/api/search/rebuild', { method: 'POST' });
      expect(asked).toMatchObject({ status: 200, body: { started: true } });
      await until('another index answers, and it alone', async () => {
        const now = await indexes();
        return now !== before && now.trim().split('\n').length === 1;
      });
      reading = false;
      await readers;
      expect(wrong).toEqual([]);
      expect(reads).toBeGreaterThan(3);
      await consistent(mesh, edge, client);
    },
    240_000,
  );

  it.concurrent(
    'an index that is gone is made anew from the records by itself',
    async () => {
      const { mesh, edge, client } = await filled();
      const gone = await fetch(`${env.VITRAIL_OPENSEARCH_URL}/${mesh.place.VITRAIL_NAMESPACE}*`, { method: 'DELETE' });
      expect(gone.status).toBe(200);
      // What comes meanwhile is found as well.
      client.send(2);
      await client.done();
      await until('all are found again', async () => (await allAssets(edge).catch(() => [])).length === pictures + 2);
      await consistent(mesh, edge, client);
    },
    240_000,
  );
});
