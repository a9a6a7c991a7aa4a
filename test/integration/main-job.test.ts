import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Asset } from '../../services/contracts/asset.ts';
import type { Enrichment } from '../../services/contracts/enrichment.ts';
import type { SearchPage } from '../../services/contracts/search.ts';
import { samplePhotos } from '../fixtures/pictures.ts';
import { until } from '../fixtures/until.ts';
import { allAssets, allEnrichers, ask, enrichersFor, json, samples, settled, startApp, upload, type App } from './app.ts';

let app: App;
let assets: Asset[];
/** Those of config/plugins.yaml that look at the samples, by name. */
let enrichers: string[];
const named = (name: string): Asset =>
  assets.find(({ filename }) => filename === name) ??
  (() => {
    throw new Error(`there is no ${name}`);
  })();
const find = async (query: string) => (await ask<SearchPage>(app, `/api/search?${query}`)).body;

beforeAll(async () => {
  app = await startApp({ args: ['--import', samples], env: allEnrichers });
  await until('the end of the import', () => app.output().includes('See it at'));
  assets = await allAssets(app);
  enrichers = await enrichersFor(app, 'image/jpeg');
}, 180_000);
afterAll(() => app[Symbol.asyncDispose]());

describe('after the import of a folder', () => {
  it('every picture is found once, ready, with its facts', () => {
    expect(assets.map(({ filename }) => filename).sort()).toEqual(samplePhotos.map((path) => path.split('/').at(-1)));
    for (const asset of assets) {
      const bytes = readFileSync(join(samples, asset.filename));
      expect(asset).toMatchObject({
        state: 'ready',
        type: 'image/jpeg',
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      expect(Object.keys(asset.enrichments).sort()).toEqual(enrichers);
    }
  });

  it('the summary names what was refused and why', () => {
    expect(app.output()).toMatch(/refused {2}samples\/README\.md: This is no picture/);
    expect(app.output()).toMatch(/Imported 9 files in .*: 8 new, 1 refused\./);
  });

  it('variants fit below the original, keep its aspect, and are served as they say', async () => {
    const { width, height, variants } = named('two-dogs.jpg');
    expect(variants.map(({ name }) => name).sort()).toEqual([
      '1280.jpg',
      '1280.webp',
      '1920.jpg',
      '1920.webp',
      '320.jpg',
      '320.webp',
      '640.jpg',
      '640.webp',
    ]);
    for (const variant of variants) {
      const { body, headers, status } = await ask<Buffer>(app, variant.url);
      expect([status, headers.get('content-type'), body.length]).toEqual([200, variant.type, variant.bytes]);
      const seen = await sharp(body).metadata();
      expect([seen.width, seen.height]).toEqual([variant.width, variant.height]);
      expect(Math.abs(seen.width / seen.height - width / height)).toBeLessThan(0.01);
    }
  });

  it('the ledger has one done entry for each enricher, none of them stale', async () => {
    const { body } = await ask<{ items: Enrichment[] }>(app, `/api/assets/${named('sunset.jpg').id}/enrichments`);
    const rows = body.items.map(({ enricher, status, attempts, stale }) => ({ enricher, status, attempts, stale }));
    expect(rows.sort((a, b) => a.enricher.localeCompare(b.enricher))).toEqual(
      enrichers.map((enricher) => ({ enricher, status: 'done', attempts: 1, stale: false })),
    );
    expect(body.items.every(({ fingerprint }) => /^[0-9a-f]{32}$/.test(fingerprint))).toBe(true);
  });

  it('each is among the first five of its own dominant colour', async () => {
    for (const asset of assets) {
      const { items } = await find(`colors=${encodeURIComponent(String(asset.enrichments['palette']?.['dominant']))}&limit=5`);
      expect(items.map(({ id }) => id)).toContain(asset.id);
    }
  });

  it('filters, facets and sorts of the core and of manifests narrow and count', async () => {
    const portraits = await find('orientation=portrait&sort=-height');
    expect(portraits.items.map(({ filename }) => filename).sort()).toEqual(['two-dogs.jpg', 'wine-table.jpg']);
    expect(portraits.facets['orientation']).toContainEqual({ value: 'landscape', count: 6 });
    const dominant = String(named('sunset.jpg').enrichments['palette']?.['dominant']);
    expect((await find(`palette.dominant=${encodeURIComponent(dominant)}`)).items.map(({ id }) => id)).toContain(
      named('sunset.jpg').id,
    );
    expect((await find('atleast=3000x1')).total).toBe(0);
  });

  it('pages by cursor give each asset once', async () => {
    const first = await find('limit=3');
    const second = await find(`limit=3&cursor=${encodeURIComponent(first.next ?? '')}`);
    const third = await find(`limit=3&cursor=${encodeURIComponent(second.next ?? '')}`);
    const ids = [first, second, third].flatMap(({ items }) => items.map(({ id }) => id));
    expect([new Set(ids).size, ids.length, third.next, first.total]).toEqual([8, 8, null, 8]);
  });
});

describe('a person', () => {
  it('names and tags an asset, and finds it by a beginning, a slip and the tag', async () => {
    const { id, rev } = named('dandelions.jpg');
    const patched = await ask<Asset>(
      app,
      `/api/assets/${id}`,
      json('PATCH', { title: 'Zanzibarella meadow', tags: ['heldtag', 'heldtag'], rating: 4 }),
    );
    expect(patched.body).toMatchObject({ title: 'Zanzibarella meadow', tags: ['heldtag'], rating: 4 });
    expect(patched.body.rev).toBeGreaterThan(rev);
    await until('the new title in search', async () => (await find('q=zanzib')).items[0]?.id === id);
    for (const query of ['q=zanzibarela', 'q=meadow+zanzibarella', 'tags=heldtag', 'rating=4..', 'q=heldtag']) {
      expect((await find(query)).items.map((item) => item.id)).toEqual([id]);
    }
    expect((await find('tags=-heldtag')).total).toBe(7);
  });

  it('keeps that word through a replay of every enricher', async () => {
    const { id } = named('dandelions.jpg');
    for (const enricher of enrichers) {
      expect((await ask(app, `/api/assets/${id}/enrichments/${enricher}/replay`, { method: 'POST' })).body).toEqual({
        replayed: 1,
      });
    }
    const again = await until('both replays', async () => {
      const { body } = await ask<{ items: Enrichment[] }>(app, `/api/assets/${id}/enrichments`);
      return body.items.every(({ status, attempts }) => status === 'done' && attempts === 1) && settled(app, id);
    });
    expect(again).toMatchObject({ state: 'ready', title: 'Zanzibarella meadow', tags: ['heldtag'], rating: 4 });
    expect(again.variants.length).toBe(named('dandelions.jpg').variants.length);
  });

  it('asks for a replay of what is stale only, and nothing is', async () => {
    const { id } = named('dandelions.jpg');
    expect((await ask(app, `/api/assets/${id}/enrichments/palette/replay`, json('POST', { stale: true }))).body).toEqual({
      replayed: 0,
    });
    expect((await ask(app, '/api/quarantine/replay', json('POST', { stale: true }))).body).toEqual({ replayed: 0 });
  });

  it('is told when a filter of a replay is misspelt, rather than getting everything replayed', async () => {
    expect((await ask(app, '/api/quarantine/replay', json('POST', { enrichr: 'palette' }))).status).toBe(422);
    expect((await ask(app, `/media/${named('sunset.jpg').id}?width=640`)).status).toBe(422);
  });

  it('says nothing new and changes nothing', async () => {
    const { id } = named('sunset.jpg');
    const { body } = await ask<Asset>(app, `/api/assets/${id}`);
    expect((await ask<Asset>(app, `/api/assets/${id}`, json('PATCH', {}))).body.rev).toBe(body.rev);
  });

  it('takes a title back', async () => {
    const { id } = named('sunset.jpg');
    await ask(app, `/api/assets/${id}`, json('PATCH', { title: 'Once' }));
    const { body } = await ask<Asset>(app, `/api/assets/${id}`, json('PATCH', { title: null }));
    expect(body).not.toHaveProperty('title');
  });

  it('uploads bytes that are known and gets the asset that is there', async () => {
    const answer = await upload(app, join(samples, 'sunset.jpg'));
    expect([answer.status, answer.body.id]).toEqual([200, named('sunset.jpg').id]);
  });

  it('uploads the same new bytes fifty times at once and gets one asset', async () => {
    const bytes = new Uint8Array(await sharp(join(samples, 'gradient.jpg')).resize(500).jpeg().toBuffer());
    const answers = await Promise.all(Array.from({ length: 50 }, () => upload(app, bytes, { title: 'Fifty' }, 'same.jpg')));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(49);
    const [first] = answers;
    expect(first && (await settled(app, first.body.id))).toMatchObject({ state: 'ready', title: 'Fifty' });
  });

  it('deletes an asset with all its files', async () => {
    const bytes = new Uint8Array(await sharp(join(samples, 'gradient.jpg')).resize(777).jpeg().toBuffer());
    const { body } = await upload(app, bytes, {}, 'gone.jpg');
    const { variants } = await settled(app, body.id);
    expect((await ask(app, `/api/assets/${body.id}`, { method: 'DELETE' })).status).toBeLessThan(300);
    for (const path of [
      `/api/assets/${body.id}`,
      `/media/${body.id}`,
      variants[0]?.url ?? '',
      `/api/assets/${body.id}/enrichments`,
    ]) {
      expect((await ask(app, path)).status).toBe(404);
    }
    await until('it is gone from search', async () => !(await allAssets(app)).some(({ id }) => id === body.id));
    const again = await upload(app, bytes, {}, 'back.jpg');
    expect(again.status).toBe(202);
    expect(again.body.id).not.toBe(body.id);
    expect((await settled(app, again.body.id)).state).toBe('ready');
  });
});

describe('the page, the description and the catalogue', () => {
  it('the printed address answers with a page', async () => {
    const { status, headers, body } = await ask<Buffer>(app, '/');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect(body.toString()).toContain('Vitrail');
  });

  it('OpenAPI names the filters that manifests declare', async () => {
    const { body } = await ask<{ openapi: string; paths: Record<string, { get?: { parameters?: { name: string }[] } }> }>(
      app,
      '/api/openapi.json',
    );
    expect(body.openapi).toMatch(/^3\.1/);
    expect(body.paths['/api/search']?.get?.parameters?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['q', 'colors', 'palette.dominant']),
    );
  });

  it('enrichers stand with their manifests and how much they did', async () => {
    const { body } = await ask<{ items: { name: string; available: boolean; enrichments: { done: number } }[] }>(
      app,
      '/api/enrichers',
    );
    const shipped = ['exif', 'look-alikes', 'palette', 'placeholder', 'quality', 'tags', 'variants', 'video-thumbnails'];
    expect(body.items.map(({ name }) => name)).toEqual(expect.arrayContaining(shipped));
    expect(body.items.every(({ available }) => available)).toBe(true);
    const looking = body.items.filter(({ name }) => enrichers.includes(name));
    expect(looking.every(({ enrichments }) => enrichments.done >= 8)).toBe(true);
  });

  it('nothing internal is published', async () => {
    for (const path of [
      '/api/~node/options',
      '/api/media/create',
      '/api/search/feed',
      '/api/$node/actions',
      '/api/list-aliases',
      '/api/ingest/accept',
    ]) {
      expect((await ask(app, path)).status).toBe(404);
      expect((await ask(app, path, { method: 'POST' })).status).toBe(404);
    }
  });
});
