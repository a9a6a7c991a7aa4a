import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Asset } from '../../services/contracts/asset.ts';
import type { Enrichment } from '../../services/contracts/enrichment.ts';
import type { SearchPage } from '../../services/contracts/search.ts';
import { until } from '../fixtures/until.ts';
import { allEnrichers, ask, settled, startApp, upload, type App } from './app.ts';

const clips = 'test/fixtures/clips';
let app: App;
let video: Asset;

beforeAll(async () => {
  app = await startApp({ env: allEnrichers });
  video = await settled(app, (await upload(app, `${clips}/pan.mp4`)).body.id);
}, 180_000);
afterAll(() => app[Symbol.asyncDispose]());

describe('a video, with every enricher that comes with Vitrail', () => {
  it('is ready, and has what is told of its poster as a picture has', () => {
    expect(video).toMatchObject({ state: 'ready', type: 'video/mp4', width: 320, height: 180, durationMs: 3000 });
    const names = ['look-alikes', 'palette', 'placeholder', 'quality', 'tags', 'variants', 'video-thumbnails'];
    expect(Object.keys(video.enrichments).sort()).toEqual(names);
    expect(video.enrichments['video-thumbnails']).toMatchObject({ durationMs: 3000, codec: 'h264', fps: 10 });
    expect(video.enrichments['quality']?.['score']).toBeGreaterThan(0);
    expect(video.enrichments['tags']?.['labels']).toContain('landscape');
  });

  it('has its files among the variants, under the names of the outputs', async () => {
    const named = (name: string) => video.variants.find((file) => file.name === name);
    for (const name of ['poster', 'thumbnails-1', 'thumbnails-8', 'storyboard', 'storyboardVtt', 'preview'])
      expect([name, named(name) !== undefined]).toEqual([name, true]);
    const { body: poster } = await ask<Buffer>(app, named('poster')?.url ?? '');
    expect(await sharp(poster).metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 180 });
    const { body: preview } = await ask<Buffer>(app, named('preview')?.url ?? '');
    expect((await sharp(preview).metadata()).pages).toBeGreaterThan(1);
  });

  it('has cues that lead to pieces of the storyboard, seen from their own address', async () => {
    const vtt = video.variants.find(({ name }) => name === 'storyboardVtt');
    const { body, headers } = await ask<Buffer>(app, vtt?.url ?? '');
    expect([headers.get('content-type'), body.toString().startsWith('WEBVTT')]).toEqual(['text/vtt', true]);
    const [, path = '', x, y, w, h] = /^(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/m.exec(body.toString()) ?? [];
    const sheet = await fetch(new URL(path, `${app.base}${vtt?.url ?? ''}`));
    const tile = sharp(Buffer.from(await sheet.arrayBuffer())).extract({
      left: Number(x),
      top: Number(y),
      width: Number(w),
      height: Number(h),
    });
    expect((await tile.toBuffer({ resolveWithObject: true })).info).toMatchObject({ width: Number(w), height: Number(h) });
  });

  it('is found by what its poster shows', async () => {
    const finds = async (query: string) =>
      (await ask<SearchPage>(app, `/api/search?${query}`)).body.items.some(({ id }) => id === video.id);
    await until('the video in search, with all of it', () =>
      finds('tags=landscape&quality.score=1..&video-thumbnails.codec=h264&state=ready'),
    );
    expect(await finds('video-thumbnails.codec=vp9')).toBe(false);
  });
});

it('a clip whose pictures are noise ends with a plain reason, and nothing else is held up by it', async () => {
  const bytes = await readFile(`${clips}/pan.mp4`);
  const media = bytes.indexOf('mdat') + 4;
  const broken = new Uint8Array(bytes.map((byte, at) => (at > media ? (at * 193) % 251 : byte)));
  const asset = await settled(app, (await upload(app, broken, {}, 'noise.mp4')).body.id);
  expect(asset.state).toBe('degraded');
  const { items } = (await ask<{ items: Enrichment[] }>(app, `/api/assets/${asset.id}/enrichments`)).body;
  const thumbnails = items.find(({ enricher }) => enricher === 'video-thumbnails');
  expect(thumbnails).toMatchObject({ status: 'quarantined', error: { class: 'data' } });
  expect(thumbnails?.error?.message).not.toMatch(/\/|\[|0x|undefined/);
  const { body: next } = await upload(app, `${clips}/pan.webm`);
  expect((await settled(app, next.id)).state).toBe('ready');
});
