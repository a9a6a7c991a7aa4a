import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Asset } from '../../services/contracts/asset.ts';
import type { Enrichment } from '../../services/contracts/enrichment.ts';
import { allServers, ownMesh } from '../fixtures/own-mesh.ts';
import { photo } from '../fixtures/pictures.ts';
import { withServers } from '../fixtures/servers.ts';
import { until } from '../fixtures/until.ts';
import { type App, allAssets, ask, json, settled, startApp, temporaryFolder, upload } from '../integration/app.ts';

const root = join(import.meta.dirname, '..', '..');
const plugins = 'enrichers: { placeholder: {}, palette: {}, variants: {} }\n';

interface Told {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** `npx vitrail …`, as the shell of a checkout would run it, by the Node that is at hand. */
async function vitrail(args: string[], env: Record<string, string>): Promise<Told> {
  const child = spawn(process.execPath, [join(root, 'bin', 'vitrail.js'), ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (told[stream] += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...told };
}
const migrate = (from: string, to: string, env: Record<string, string>, ...more: string[]): Promise<Told> =>
  vitrail(['migrate', '--from', from, '--to', to, ...more], env);

type Kept = Record<string, Record<string, unknown>>;

/** Every record of a data folder that no process holds, by collection and id. */
function recordsIn(data: string): Record<'assets' | 'ledger' | 'tags', Kept> {
  using db = openDatabase(data);
  const all = (name: string): Kept =>
    Object.fromEntries(
      db
        .prepare<[], { id: string; doc: string }>(`SELECT id, doc FROM ${name}`)
        .all()
        .map(({ id, doc }) => [id, JSON.parse(doc)]),
    );
  return { assets: all('assets'), ledger: all('ledger'), tags: all('tags') };
}

function openDatabase(data: string): Pick<Database.Database, 'prepare'> & Disposable {
  const db = new Database(join(data, 'records.sqlite'));
  return { prepare: db.prepare.bind(db), [Symbol.dispose]: () => void db.close() };
}

/** What clients see of an asset: itself, its work, and its bytes. */
async function seen(app: App, { id, variants }: Asset) {
  const { body: asset } = await ask<Asset>(app, `/api/assets/${id}`);
  const { body } = await ask<{ items: Enrichment[] }>(app, `/api/assets/${id}/enrichments`);
  const files = [`/media/${id}`, ...variants.map(({ url }) => url)];
  const bytes = await Promise.all(files.map(async (url) => (await ask<Buffer>(app, url)).body.toString('base64')));
  return { asset, work: body.items, bytes };
}

withServers(allServers, (servers) => {
  const mesh = ownMesh(servers);
  const distributed = { ...mesh, VITRAIL_PROFILE: 'distributed', VITRAIL_RECONCILE_SECONDS: '1' };

  it.concurrent(
    'a data folder moves to the servers of a mesh and back, with nothing lost, changed or done again',
    async () => {
      await using folder = await temporaryFolder('migrate');
      const [data, back] = [join(folder.path, 'data'), join(folder.path, 'back')];
      const env = { VITRAIL_PLUGINS_FILE: join(folder.path, 'plugins.yaml') };
      await writeFile(env.VITRAIL_PLUGINS_FILE, plugins);

      await using embedded = await startApp({ data, env });
      const take = async (k: number) => settled(embedded, (await upload(embedded, await photo(k, 300), {}, `${k}.jpg`)).body.id);
      const [first, second, third] = [await take(0), await take(1), await take(2)];
      await ask(
        embedded,
        `/api/assets/${first.id}`,
        json('PATCH', { title: 'Käse im Schnee', tags: ['Käse', 'winter'], rating: 4 }),
      );
      await ask(embedded, `/api/assets/${second.id}`, { method: 'DELETE' });
      const before = await Promise.all([first, third].map((asset) => seen(embedded, asset)));
      const refused = await migrate('embedded', 'distributed', { ...mesh, VITRAIL_DATA: data });
      expect(refused).toMatchObject({ status: 1, stdout: '' });
      expect(refused.stderr).toMatch(/^another Vitrail is using the data folder [^\n]+\n$/);
      await embedded.stop();

      const moved = await migrate('embedded', 'distributed', { ...mesh, VITRAIL_DATA: data });
      expect(moved).toMatchObject({ status: 0 });
      expect(moved.stdout).toMatch(/^Copied (\d+) of \1 files and (\d+) of \2 records in .*\nEqual on both sides: 2 originals/);
      const again = await migrate('embedded', 'distributed', { ...mesh, VITRAIL_DATA: data });
      expect(again).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^Nothing to do: all is there already, and equal/),
      });

      await using node = await startApp({ env: { ...distributed, ...env, VITRAIL_NODE_ID: 'the-one' } });
      const found = await until('both are found', async () => {
        const assets = await allAssets(node);
        return assets.length === 2 && assets;
      });
      expect(found.map(({ id }) => id).sort()).toEqual([first.id, third.id].sort());
      expect((await allAssets(node, '&q=schnee')).map(({ id }) => id)).toEqual([first.id]);
      expect((await allAssets(node, '&tags=winter')).map(({ id }) => id)).toEqual([first.id]);
      expect(await Promise.all([first, third].map((asset) => seen(node, asset)))).toEqual(before);
      const busy = await migrate('distributed', 'embedded', { ...mesh, VITRAIL_DATA: back });
      expect(busy).toMatchObject({ status: 1, stdout: '' });
      expect(busy.stderr).toMatch(/^Nodes of the mesh are running \(the-one\): stop them first\.\n$/);
      await node.stop();

      const returned = await migrate('distributed', 'embedded', { ...mesh, VITRAIL_DATA: back }, '--json');
      expect(returned.status).toBe(0);
      expect(JSON.parse(returned.stdout)).toMatchObject({ equal: true, damaged: [], blobs: { originals: { copied: 2 } } });
      expect(recordsIn(back)).toEqual(recordsIn(data));

      await using home = await startApp({ data: back, env });
      await until('both are found', async () => (await allAssets(home)).length === 2);
      expect((await allAssets(home, '&q=schnee')).map(({ id }) => id)).toEqual([first.id]);
      expect(await Promise.all([first, third].map((asset) => seen(home, asset)))).toEqual(before);
    },
    180_000,
  );
});

withServers(allServers, (servers) => {
  const mesh = ownMesh(servers);

  it.concurrent(
    'work that was under way is done by the mesh; other records there are refused, or replaced where that is asked for',
    async () => {
      await using folder = await temporaryFolder('migrate');
      const data = join(folder.path, 'data');
      const env = { VITRAIL_PLUGINS_FILE: join(folder.path, 'plugins.yaml') };
      await writeFile(env.VITRAIL_PLUGINS_FILE, plugins);
      await using embedded = await startApp({ data, env });
      const { id } = (await upload(embedded, await photo(7, 300))).body;
      await settled(embedded, id);
      await embedded.stop();
      const finished = join(folder.path, 'finished');
      await mkdir(finished);
      await cp(data, finished, { recursive: true });
      // As a crash in the middle leaves it.
      {
        using db = openDatabase(data);
        db.prepare(`UPDATE assets SET doc = json_set(doc, '$.state', 'processing')`).run();
        const running = `'$.status', 'running', '$.claim', 'one', '$.runner', 'gone', '$.leaseUntil', 1, '$.dueAt', 1`;
        db.prepare(`UPDATE ledger SET doc = json_set(doc, ${running}) WHERE id = ?`).run(`${id}:palette`);
      }
      expect(await migrate('embedded', 'distributed', { ...mesh, VITRAIL_DATA: data })).toMatchObject({ status: 0 });
      {
        await using node = await startApp({ env: { ...mesh, ...env, VITRAIL_PROFILE: 'distributed' } });
        expect((await settled(node, id)).state).toBe('ready');
        const { body } = await ask<{ items: Enrichment[] }>(node, `/api/assets/${id}/enrichments`);
        expect(body.items.map(({ enricher, attempts }) => [enricher, attempts])).toEqual([
          ['palette', 2],
          ['placeholder', 1],
          ['variants', 1],
        ]);
        await node.stop();
      }

      const other = await migrate('distributed', 'embedded', { ...mesh, VITRAIL_DATA: finished });
      expect(other).toMatchObject({ status: 1, stdout: '' });
      expect(other.stderr).toMatch(
        /other records are there already \(ledger: 1 differ, such as \S+:palette, 0 are not in the source/,
      );
      const before = recordsIn(finished);
      expect(await migrate('distributed', 'embedded', { ...mesh, VITRAIL_DATA: finished }, '--overwrite')).toMatchObject({
        status: 0,
      });
      const after = recordsIn(finished);
      expect(before.ledger[`${id}:palette`]).toMatchObject({ attempts: 1 });
      expect(after.ledger[`${id}:palette`]).toMatchObject({ attempts: 2, status: 'done' });
    },
    180_000,
  );
});
