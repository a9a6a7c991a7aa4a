import { join } from 'node:path';
import { openJetStream } from '../../drivers/channel/jetstream/open.ts';
import { withServers } from '../fixtures/servers.ts';
import { until } from '../fixtures/until.ts';
import { allAssets, ask, json, upload } from '../integration/app.ts';
import { picture } from './collection.ts';
import { lastWords, type Mesh, type Node, openMesh, startReady } from './fixture.ts';
import { comparable, isIndexed, type Kept, keptOf } from './kept.ts';

const pictures = 12;
const threeTimes = join(import.meta.dirname, 'three-times.ts');
const starts = [
  ['core-1', 'core'],
  ['core-2', 'core'],
  ['edge-1', 'edge'],
  ['worker-1', 'worker'],
] as const;
/** All but the one that tells which process it ran in. */
const some = { VITRAIL_PLUGINS: 'variants,palette,placeholder' };

/** What people do: pictures come, are described, tagged, deleted and enriched anew, and a tag is renamed and put below another one. */
async function use(edge: Node): Promise<void> {
  const all = Array.from({ length: pictures }, async (_, k) => upload(edge, await picture(k), {}, `${k}.jpg`));
  const answers = await Promise.all(all);
  expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
  const ids = answers.map(({ body }) => body.id);
  const asked = async (path: string, init: RequestInit): Promise<void> => {
    const { status, body } = await ask(edge, `/api${path}`, init);
    if (status >= 300) throw new Error(`${path} was answered ${status}: ${JSON.stringify(body)}`);
  };
  for (const [k, id] of ids.entries()) await asked(`/assets/${id}`, json('PATCH', { title: `Picture ${k}`, rating: k % 6 }));
  for (const id of ids.slice(0, 6)) await asked(`/assets/${id}/tags/dog`, { method: 'PUT' });
  await asked(`/assets/${ids[0]}/tags/dog`, { method: 'DELETE' });
  await asked('/tags/dog', json('PATCH', { name: 'hound', parent: 'animal' }));
  await asked(`/assets/${ids[11]}`, { method: 'DELETE' });
  await asked(`/assets/${ids[1]}/enrichments/palette/replay`, { method: 'POST' });
}

/** Each message that says that an asset has work, twice more, in another order each time. */
async function announceTwice(mesh: Mesh): Promise<void> {
  const { VITRAIL_NATS_URL: url, VITRAIL_NAMESPACE: name } = mesh.place;
  const channel = await openJetStream({ url, name });
  try {
    const ids = (await keptOf(mesh.place)).assets.map(({ id }) => id);
    for (const order of [ids.toReversed(), ids])
      for (const id of order) await channel.publish([{ lane: 'backfill', key: id, body: { assetId: id } }]);
  } finally {
    await channel.close();
  }
}

/** Nothing is left to do. */
function isSettled(kept: Kept): boolean {
  const { assets, rows, tags } = kept;
  return (
    assets.every(({ state }) => state === 'ready' || state === 'deleted') &&
    rows.every(({ status, projected }) => status === 'done' && projected) &&
    tags.every(({ due }) => due === undefined) &&
    isIndexed(kept)
  );
}

const holdsNothing = (node: Node): boolean =>
  node
    .output()
    .match(/\w+ (?=(is|are) held back)/g)
    ?.at(-1) !== 'Events ';

withServers(['mongo', 's3', 'opensearch', 'jetstream'], (env) => {
  it('events that come three times in any order, as messages of the queue do, make no other records and no other index', async () => {
    const kept = [];
    for (const program of [undefined, threeTimes]) {
      const mesh = openMesh(env, program === undefined ? {} : { program });
      const nodes = await Promise.all(starts.map(([id, role]) => startReady(mesh, id, role, role === 'worker' ? some : {})));
      const [, , edge] = nodes as [Node, Node, Node, Node];
      await use(edge);
      if (program !== undefined) await announceTwice(mesh);
      await until('all is settled, and nothing is held back', async () => {
        return nodes.every(holdsNothing) && isSettled(await keptOf(mesh.place));
      }).catch((error: unknown) => {
        throw new Error(lastWords(), { cause: error });
      });
      expect((await allAssets(edge, '&tags=animal')).map(({ title }) => title).sort()).toEqual(
        [1, 2, 3, 4, 5].map((k) => `Picture ${k}`),
      );
      kept.push(comparable(await keptOf(mesh.place)));
      for (const node of nodes) expect(node.output()).not.toContain('ERROR');
      for (const { id, output } of nodes) if (program !== undefined && id !== 'worker-1') expect(output()).toContain('held back');
      await Promise.all(nodes.map((node) => node.kill()));
    }
    const [once, thrice] = kept;
    expect([once?.assets.length, once?.deleted]).toEqual([pictures - 1, 1]);
    expect(thrice).toEqual(once);
  }, 240_000);
});
