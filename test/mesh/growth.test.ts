import { withServers } from '../fixtures/servers.ts';
import { upload } from '../integration/app.ts';
import { picture } from './collection.ts';
import { openMesh, startReady } from './fixture.ts';
import { keptOf } from './kept.ts';

withServers(['mongo', 's3', 'opensearch', 'jetstream'], (env) => {
  it('the same bytes fifty times at once over two edges are one asset', async () => {
    const mesh = openMesh(env);
    const [, one, other] = await Promise.all([
      startReady(mesh, 'core-1', 'core'),
      startReady(mesh, 'edge-1', 'edge'),
      startReady(mesh, 'edge-2', 'edge'),
    ]);
    const bytes = await picture(0);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => upload(n % 2 ? one : other, bytes, {}, 'same.jpg')));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(49).fill(200), 202]);
    expect((await keptOf(mesh.place)).assets).toHaveLength(1);
  }, 120_000);
});
