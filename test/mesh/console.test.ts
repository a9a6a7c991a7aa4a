import { withServers } from '../fixtures/servers.ts';
import { ask, temporaryFolder, upload, type App } from '../integration/app.ts';
import { onTerminal } from '../integration/terminal.ts';
import type { Asset } from '../../services/contracts/asset.ts';
import type { LaneState } from '../../services/contracts/pipeline.ts';
import type { MeshNode } from '../../services/contracts/nodes.ts';
import { until } from '../fixtures/until.ts';
import { picture } from './collection.ts';
import { openMesh, startReady } from './fixture.ts';

withServers(['mongo', 's3', 'opensearch', 'jetstream'], (env) => {
  it('a console joins as a node of its own, and a pause holds on every node, also on one that comes later', async () => {
    const mesh = openMesh(env);
    await using folder = await temporaryFolder('console');
    const [first, second, edge] = await Promise.all([
      startReady(mesh, 'core-1', 'core'),
      startReady(mesh, 'core-2', 'core'),
      startReady(mesh, 'edge-1', 'edge'),
      startReady(mesh, 'worker-1', 'worker'),
    ]);
    const app: Pick<App, 'base'> = { base: edge.base };
    // As long as the edge may still ask a node that was killed, it can be refused: sent again, the same bytes are one asset.
    const send = (k: number) =>
      until(
        `p${k} is taken in`,
        async () => (await upload(app, await picture(k), {}, `p${k}.jpg`)).body.id as string | undefined,
      );
    const stateOf = async (id: string) => (await ask<Asset>(app, `/api/assets/${id}`)).body.state;
    {
      await using terminal = onTerminal(['repl'], { ...mesh.place, VITRAIL_PROFILE: 'distributed', HOME: folder.path });
      await until('a prompt', () => terminal.screen().endsWith('vitrail $ '));
      expect(terminal.screen()).toMatch(/Joined \S+ as ops-\S+/);
      const own = await until('the others know it', async () => {
        const { items } = (await ask<{ items: MeshNode[] }>(app, '/api/nodes')).body;
        return items.find(({ id }) => id.startsWith('ops-'));
      });
      expect(own).toMatchObject({ role: 'ops', services: [], notes: [] });

      // Both: a round of upkeep may announce in the other lane what one was asked for.
      expect(await terminal.type('lanes pause')).toMatch(/interactive +paused[^]*backfill +paused/);
      const waiting = async (): Promise<number> => {
        const { items } = (await ask<{ items: LaneState[] }>(app, '/api/lanes')).body;
        expect(items.map(({ paused, inFlight }) => [paused, inFlight])).toEqual([
          [true, 0],
          [true, 0],
        ]);
        return items.reduce((sum, lane) => sum + lane.waiting, 0);
      };
      const ids = await Promise.all(Array.from({ length: 10 }, (_, k) => send(k)));
      await until('all of them wait', async () => (await waiting()) >= 10);
      await first.kill();
      await second.kill();
      await startReady(mesh, 'core-1', 'core');
      const later = await send(10);
      await until('that one waits, too', async () => (await waiting()) >= 11);
      for (const id of [...ids, later]) expect(await stateOf(id)).toBe('processing');
      // Asked of a node that was killed, too, if nobody has missed it yet.
      expect(await terminal.type('lanes resume')).toMatch(/interactive +open[^]*backfill +open/);
      for (const id of [...ids, later]) await until(`${id} is ready`, async () => (await stateOf(id)) === 'ready');
      await until('all is well', async () => (await terminal.type('doctor')).includes('All is well.'));
      terminal.press('\u0004');
      expect(await terminal.ended).toBe(0);
    }
    await until('it is gone', async () => {
      const { items } = (await ask<{ items: MeshNode[] }>(app, '/api/nodes')).body;
      return items.every(({ id, available }) => !id.startsWith('ops-') || !available);
    });
  }, 300_000);
});
