import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Enrichment } from '../../services/contracts/enrichment.ts';
import type { EnricherInfo } from '../../services/contracts/pipeline.ts';
import type { z } from 'zod';
import { photo } from '../fixtures/pictures.ts';
import { until } from '../fixtures/until.ts';
import { ask, json, settled, startApp, temporaryFolder, upload, type App } from './app.ts';

/** Gives a video a still: two halves of one colour each, 640 × 360, once a program that it needs is there. */
const poster = `
import { defineEnricher, field } from 'vitrail/sdk';
import sharp from 'sharp';
import { z } from 'zod';
export default defineEnricher({
  name: 'poster', title: 'Poster', version: '1.0.0', resultVersion: 1, accepts: ['video/*'],
  config: z.strictObject({}),
  outputs: { picture: field.blob({ title: 'Picture', still: true }) },
  missing: ({ program }) => (program('projector') ? undefined : 'It needs the program projector.'),
  async enrich(_asset, { put }) {
    const half = (background) => sharp({ create: { width: 320, height: 360, channels: 3, background } }).png().toBuffer();
    const data = await sharp(await half('#d02020')).extend({ right: 320, background: '#2020d0' }).jpeg().toBuffer();
    return { picture: await put('picture', data, { type: 'image/jpeg', width: 640, height: 360 }) };
  },
});`;

/** Works on the still of whatever comes, after the one that makes it. */
const looks = `
import { defineEnricher, field } from 'vitrail/sdk';
import { z } from 'zod';
export default defineEnricher({
  name: 'looks', title: 'Looks', version: '1.0.0', resultVersion: 1, accepts: ['image/*', 'video/*'], after: ['poster'],
  config: z.strictObject({}),
  outputs: { size: field.keyword({ title: 'Size' }), first: field.color({ title: 'First pixel' }) },
  async enrich(_asset, { still }) {
    const { data } = await still.raw(256);
    return { size: still.width + 'x' + still.height, first: '#' + data.subarray(0, 3).toString('hex') };
  },
});`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: Awaited<ReturnType<typeof temporaryFolder>>;
let env: Record<string, string>;

beforeAll(async () => {
  [folder, data] = [await temporaryFolder('stills'), await temporaryFolder('stills-data')];
  for (const [name, body] of Object.entries({ poster, looks })) {
    await mkdir(join(folder.path, name));
    await writeFile(join(folder.path, name, 'index.ts'), body);
  }
  const list = join(folder.path, 'plugins.yaml');
  await writeFile(list, 'enrichers:\n  poster: { from: ./poster }\n  looks: { from: ./looks }\n');
  env = { VITRAIL_PLUGINS_FILE: list, PATH: `${folder.path}:${process.env['PATH'] ?? ''}` };
}, 60_000);
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await data[Symbol.asyncDispose]();
});

const ledger = async (app: App, id: string) => {
  const { items } = (await ask<{ items: Enrichment[] }>(app, `/api/assets/${id}/enrichments`)).body;
  return Object.fromEntries(items.map((row) => [row.enricher, row]));
};

it('waits, and says for what, while this node lacks what an enricher needs; the rest goes on', async () => {
  await using app = await startApp({ env, data: data.path });
  const { body: video } = await upload(app, 'test/fixtures/clips/pan.mp4');
  const { body: picture } = await upload(app, await photo(1), {}, 'photo.jpg');

  expect((await settled(app, picture.id)).state).toBe('ready');
  expect(await settled(app, video.id)).toMatchObject({ state: 'degraded', type: 'video/mp4', durationMs: 3000, enrichments: {} });
  const { poster: waiting, looks: refused } = await ledger(app, video.id);
  expect(waiting).toMatchObject({ status: 'unavailable', attempts: 0 });
  expect(waiting?.error?.message).toMatch(/^It needs the program projector\. The work goes on/);
  expect(refused).toMatchObject({ status: 'quarantined', error: { class: 'data' } });
  expect(refused?.error?.message).toMatch(/No enricher has made a still picture/);

  const { items } = (await ask<{ items: z.infer<typeof EnricherInfo>[] }>(app, '/api/enrichers')).body;
  const info = items.find(({ name }) => name === 'poster');
  expect(info).toMatchObject({ available: false, missing: 'It needs the program projector.' });
  expect(await ask(app, `/media/${video.id}?w=320`)).toMatchObject({ status: 409, body: { code: 'media.pending' } });
  expect(app.output()).toContain("'poster' cannot run on this node");
});

it('goes on when the node has it, and those that come after see the still that was made', async () => {
  await writeFile(join(folder.path, 'projector'), '#!/bin/sh\n');
  await chmod(join(folder.path, 'projector'), 0o755);
  await using app = await startApp({ env, data: data.path });
  const { items } = (await ask<{ items: { id: string }[] }>(app, '/api/search?type=video/*')).body;
  const id = items[0]?.id ?? '';
  const asset = await until('the video to be ready', async () => {
    const now = await settled(app, id);
    return now.state === 'ready' && now;
  });
  expect(asset.enrichments['looks']).toEqual({ size: '640x360', first: expect.stringMatching(/^#[c-d]/) });
  expect(asset.variants).toEqual([expect.objectContaining({ name: 'picture', width: 640, height: 360, still: true })]);

  const small = await ask<Buffer>(app, `/media/${id}?w=320&format=webp`);
  expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect(await sharp(small.body).metadata()).toMatchObject({ width: 320, height: 180 });
  const part = await ask<Buffer>(app, `/media/${id}`, { headers: { range: 'bytes=4-7' } });
  expect([part.status, part.body.toString(), part.headers.get('content-type')]).toEqual([206, 'ftyp', 'video/mp4']);
});

it('makes the still anew, and what was made of it, on demand', async () => {
  await using app = await startApp({ env, data: data.path });
  const { items } = (await ask<{ items: { id: string }[] }>(app, '/api/search?type=video/*')).body;
  const id = items[0]?.id ?? '';
  const before = await ledger(app, id);
  await ask(app, `/api/assets/${id}/enrichments/poster/replay`, json('POST', {}));
  const after = await until('both to have run again', async () => {
    const now = await ledger(app, id);
    const again = (name: string) => now[name]?.status === 'done' && now[name].finishedAt !== before[name]?.finishedAt;
    return again('poster') && again('looks') && now;
  });
  expect(after['looks']?.outputs).toEqual(before['looks']?.outputs);
});
