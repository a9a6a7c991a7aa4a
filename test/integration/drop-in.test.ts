import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Asset } from '../../services/contracts/asset.ts';
import type { Enrichment } from '../../services/contracts/enrichment.ts';
import type { SearchPage } from '../../services/contracts/search.ts';
import { photo } from '../fixtures/pictures.ts';
import { until } from '../fixtures/until.ts';
import { allAssets, ask, settled, startApp, temporaryFolder, upload } from './app.ts';

/** What a stranger writes: one folder, importing nothing but the sdk, with a stage that reads another enricher's outputs. */
const plugin = (resultVersion: number) => `
import { defineEnricher, field } from 'vitrail/sdk';
import { z } from 'zod';

export default defineEnricher({
  name: 'brightness', title: 'Brightness', version: '1.0.${resultVersion}', resultVersion: ${resultVersion},
  accepts: ['image/*'], after: ['palette'],
  config: z.strictObject({ bright: z.number().min(0).max(1).default(0.5) }),
  outputs: {
    mean: field.float({ title: 'Mean brightness', min: 0, max: 1 }),
    mood: field.keyword({ title: 'Mood' }),
    swatches: field.integer({ title: 'Colours seen before' }),
    thumb: field.blob({ title: 'Tiny picture' }),
  },
  async enrich(asset, { still, config, inputs, put }) {
    const { data } = await still.raw(64);
    const mean = data.reduce((sum: number, value: number) => sum + value, 0) / data.length / 255;
    const thumb = await put('tiny.bin', data.subarray(0, 64), { type: 'application/octet-stream' });
    const palette = (inputs.palette?.palette ?? []) as unknown[];
    return { mean, mood: mean > config.bright ? 'radiant' : 'gloomy-v${resultVersion}', swatches: palette.length, thumb };
  },
});
`;

it('a plugin folder and one line are enough: results, filters, facets, sorts, words, OpenAPI, files; and a new result version redoes only itself', async () => {
  await using folder = await temporaryFolder('dropin');
  const own = join(folder.path, 'brightness');
  await mkdir(own);
  const data = join(folder.path, 'data');
  const list = join(folder.path, 'plugins.yaml');
  const env = { VITRAIL_PLUGINS_FILE: list };

  // Pictures come in before there is such a plugin.
  await writeFile(list, 'enrichers:\n  palette: {}\n');
  const ids: string[] = [];
  {
    await using app = await startApp({ data, env });
    for (let k = 0; k < 3; k += 1) ids.push((await upload(app, await photo(k), {}, `p${k}.jpg`)).body.id);
    for (const id of ids) await settled(app, id);
    await app.stop();
  }

  await writeFile(join(own, 'index.ts'), plugin(1));
  await writeFile(list, 'enrichers:\n  palette: {}\n  brightness: { from: ./brightness, bright: 0.9 }\n');
  const finished: Record<string, string | undefined> = {};
  {
    await using app = await startApp({ data, env });
    const asset = await until('the new enricher has done the old pictures', async () => {
      const { body } = await ask<Asset>(app, `/api/assets/${ids[0] ?? ''}`);
      return body.state === 'ready' && body.enrichments['brightness'] !== undefined && body;
    });
    expect(asset.enrichments['brightness']).toMatchObject({
      mood: 'gloomy-v1',
      swatches: (asset.enrichments['palette']?.['palette'] as unknown[]).length,
    });
    const tiny = asset.variants.find(({ name }) => name === 'tiny.bin');
    expect((await ask<Buffer>(app, tiny?.url ?? '')).body.length).toBe(64);

    const page = await until('search by it', async () => {
      const { body } = await ask<SearchPage>(
        app,
        '/api/search?brightness.mood=gloomy-v1&brightness.mean=0..1&sort=-brightness.mean',
      );
      return body.total === 3 && body;
    });
    const means = page.items.map(({ enrichments }) => Number(enrichments['brightness']?.['mean']));
    expect(means).toEqual([...means].sort((a, b) => b - a));
    expect(page.facets['brightness.mood']).toEqual([{ value: 'gloomy-v1', count: 3 }]);
    expect((await ask<SearchPage>(app, '/api/search?q=gloomy')).body.total).toBe(3);

    const { body: spec } = await ask<{ paths: Record<string, { get?: { parameters?: { name: string }[] } }> }>(
      app,
      '/api/openapi.json',
    );
    expect(spec.paths['/api/search']?.get?.parameters?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['brightness.mood', 'brightness.mean']),
    );
    expect(JSON.stringify(spec)).toContain('Mean brightness');
    const { body } = await ask<{ items: Enrichment[] }>(app, `/api/assets/${ids[0] ?? ''}/enrichments`);
    for (const { enricher, finishedAt } of body.items) finished[enricher] = finishedAt;
    await app.stop();
  }

  await writeFile(join(own, 'index.ts'), plugin(2));
  {
    await using app = await startApp({ data, env });
    await until('the new version has redone its work', async () => {
      const all = await allAssets(app);
      return (
        all.length === 3 &&
        all.every(({ state, enrichments }) => state === 'ready' && enrichments['brightness']?.['mood'] === 'gloomy-v2')
      );
    });
    const { body } = await ask<{ items: Enrichment[] }>(app, `/api/assets/${ids[0] ?? ''}/enrichments`);
    const now = Object.fromEntries(body.items.map(({ enricher, finishedAt }) => [enricher, finishedAt]));
    expect(now['palette']).toBe(finished['palette']);
    expect(now['brightness']).not.toBe(finished['brightness']);
    await app.stop();
  }

  // The plugin goes; what it found stays on the assets.
  await writeFile(list, 'enrichers:\n  palette: {}\n');
  await using app = await startApp({ data, env });
  expect((await settled(app, ids[0] ?? '')).enrichments['brightness']).toMatchObject({ mood: 'gloomy-v2' });
}, 240_000);
