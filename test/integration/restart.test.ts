import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Enrichment } from '../../services/contracts/enrichment.ts';
import { photoFolder } from '../fixtures/pictures.ts';
import { until } from '../fixtures/until.ts';
import { allAssets, ask, enrichersFor, settled, startApp, temporaryFolder } from './app.ts';

async function pictures(folder: string, count: number): Promise<string> {
  const path = join(folder, 'in');
  await mkdir(path);
  await photoFolder(path, count);
  return path;
}

it.concurrent(
  'an import with --exit ends with status 0 once all is settled; again it does nothing and says so',
  async () => {
    await using folder = await temporaryFolder('again');
    const source = await pictures(folder.path, 3);
    const data = join(folder.path, 'data');
    await using first = await startApp({ data, args: ['--import', source, '--exit'] });
    expect(await first.ended).toBe(0);
    expect(first.output()).toMatch(/Imported 3 files in .*: 3 new\./);
    await using second = await startApp({ data, args: ['--import', source, '--exit'] });
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain('All 3 files are here already');
  },
  120_000,
);

it.concurrent(
  'Ctrl-C in the middle stops in order, and the next start goes on where it was',
  async () => {
    await using folder = await temporaryFolder('goon');
    const source = await pictures(folder.path, 16);
    const data = join(folder.path, 'data');
    await using first = await startApp({ data, args: ['--import', source] });
    await until('some work done', async () => (await allAssets(first)).some(({ state }) => state === 'ready'));
    expect(await first.stop('SIGINT')).toBe(0);
    await using second = await startApp({ data });
    const before = await allAssets(second);
    expect(before.length).toBeGreaterThan(0);
    for (const { id } of before) expect((await settled(second, id)).state).toBe('ready');
  },
  120_000,
);

it.concurrent(
  'a second process is refused the data folder of the first, in one line',
  async () => {
    await using first = await startApp();
    await expect(startApp({ data: first.data })).rejects.toThrow(/another Vitrail is using the data folder/);
  },
  60_000,
);

it.concurrent(
  'a port that is taken is said in one line',
  async () => {
    await using first = await startApp();
    const { port } = new URL(first.base);
    await expect(startApp({ env: { VITRAIL_PORT: port } })).rejects.toThrow(
      /is taken by another program.*VITRAIL_PORT to another port\.\s*$/,
    );
  },
  60_000,
);

it.concurrent(
  'kill -9 at ten random moments of an import loses nothing and doubles nothing',
  async () => {
    await using folder = await temporaryFolder('kill');
    const source = await pictures(folder.path, 60);
    const data = join(folder.path, 'data');
    for (let round = 0; round < 10; round += 1) {
      await using app = await startApp({ data, args: ['--import', source] });
      const seen = new Set<string>();
      // A random amount of progress, rather than of time: it is the same moment on a fast machine and on a slow one.
      const enough = 1 + Math.floor(Math.random() * 5);
      await until('a random moment', async () => {
        for (const { id, state } of await allAssets(app)) if (state !== 'processing') seen.add(id);
        return seen.size >= Math.min(60, round * 4 + enough);
      });
      await app.stop('SIGKILL');
    }
    await using app = await startApp({ data, args: ['--import', source] });
    await until('the end of the import', () => app.output().includes('See it at'), 240_000);
    const assets = await allAssets(app);
    expect(assets).toHaveLength(60);
    expect(new Set(assets.map(({ sha256 }) => sha256)).size).toBe(60);
    expect(assets.filter(({ state }) => state !== 'ready').map(({ filename }) => filename)).toEqual([]);
    const done = (await enrichersFor(app, 'image/jpeg')).map((enricher) => `${enricher} done`);
    for (const { id, variants } of assets) {
      const { body } = await ask<{ items: Enrichment[] }>(app, `/api/assets/${id}/enrichments`);
      expect(body.items.map(({ enricher, status }) => `${enricher} ${status}`).sort()).toEqual(done);
      for (const { url, bytes } of variants) expect((await ask<Buffer>(app, url)).body.length).toBe(bytes);
    }
  },
  600_000,
);
