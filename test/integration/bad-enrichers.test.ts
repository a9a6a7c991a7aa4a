import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Enrichment } from '../../services/contracts/enrichment.ts';
import { photo } from '../fixtures/pictures.ts';
import { until } from '../fixtures/until.ts';
import { ask, json, settled, startApp, temporaryFolder, upload, type App } from './app.ts';

const plugin = (name: string, body: string) => `
import { defineEnricher, field, PermanentError } from 'vitrail/sdk';
import { existsSync } from 'node:fs';
import { z } from 'zod';
void PermanentError; void existsSync;
export default defineEnricher({
  name: '${name}', title: '${name}', version: '1.0.0', resultVersion: 1, accepts: ['image/*'], config: z.strictObject({}),
  outputs: { ok: field.boolean({ title: 'Fine' }) }, run: { attempts: 2, timeoutMs: 1500 },
  async enrich() { ${body} },
});`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: App;
let mended: string;

beforeAll(async () => {
  folder = await temporaryFolder('bad');
  mended = join(folder.path, 'mended');
  const bodies: Record<string, string> = {
    throws: `if (existsSync(${JSON.stringify(mended)})) return { ok: true }; throw new Error('secret /etc/passwd');`,
    refuses: `throw new PermanentError('Too blue for me.');`,
    hangs: 'for (;;);',
    exits: 'process.exit(3);',
    segfaults: `process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {});`,
    lies: `return { ok: 'perhaps' } as never;`,
  };
  for (const [name, body] of Object.entries(bodies)) {
    await mkdir(join(folder.path, name));
    await writeFile(join(folder.path, name, 'index.ts'), plugin(name, body));
  }
  const lines = Object.keys(bodies).map((name) => `  ${name}: { from: ./${name} }`);
  const list = join(folder.path, 'plugins.yaml');
  await writeFile(list, ['enrichers:', '  palette: {}', '  variants: {}', ...lines].join('\n'));
  app = await startApp({ env: { VITRAIL_PLUGINS_FILE: list } });
}, 60_000);
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

it('enrichers that throw, refuse, hang, exit, segfault or lie are quarantined with their reason; the others finish', async () => {
  const { body } = await upload(app, await photo(1), {}, 'victim.jpg');
  const asset = await settled(app, body.id);
  expect(asset.state).toBe('degraded');
  expect(Object.keys(asset.enrichments).sort()).toEqual(['palette', 'variants']);

  const { items } = (await ask<{ items: Enrichment[] }>(app, `/api/assets/${body.id}/enrichments`)).body;
  const seen = Object.fromEntries(
    items.map(({ enricher, status, attempts, error }) => [
      enricher,
      { status, attempts, class: error?.class, code: error?.code },
    ]),
  );
  expect(seen).toEqual({
    exits: { status: 'quarantined', attempts: 2, class: 'logic', code: 'enricher.crashed' },
    hangs: { status: 'quarantined', attempts: 2, class: 'resource', code: 'enricher.timeout' },
    lies: { status: 'quarantined', attempts: 2, class: 'logic', code: 'enricher.output-invalid' },
    palette: { status: 'done', attempts: 1 },
    refuses: { status: 'quarantined', attempts: 1, class: 'data', code: 'enricher.refused' },
    segfaults: { status: 'quarantined', attempts: 2, class: 'logic', code: 'enricher.crashed' },
    throws: { status: 'quarantined', attempts: 2, class: 'logic', code: 'enricher.failed' },
    variants: { status: 'done', attempts: 1 },
  });
  const reason = (name: string) => items.find(({ enricher }) => enricher === name)?.error?.message ?? '';
  expect(reason('refuses')).toContain('Too blue for me.');
  expect(reason('segfaults')).toContain('SIGSEGV');
  expect(reason('exits')).toContain('3');
  expect(reason('throws')).not.toContain('passwd');
}, 120_000);

it('the quarantine lists them by filter and page, and a mended one is replayed', async () => {
  const list = async (query = '') =>
    (await ask<{ items: Enrichment[]; total: number; next: string | null }>(app, `/api/quarantine?${query}`)).body;
  expect((await list()).total).toBe(6);
  expect((await list('class=resource')).items.map(({ enricher }) => enricher)).toEqual(['hangs']);
  const first = await list('limit=4');
  const second = await list(`limit=4&cursor=${first.next ?? ''}`);
  expect(new Set([...first.items, ...second.items].map(({ enricher }) => enricher)).size).toBe(6);
  expect(second.next).toBeNull();
  expect((await ask(app, '/api/quarantine?cursor=zzz')).status).toBe(400);

  await writeFile(mended, '');
  expect((await ask(app, '/api/quarantine/replay', json('POST', { enricher: 'throws' }))).body).toEqual({ replayed: 1 });
  await until('the mended one is out of quarantine', async () => (await list()).total === 5);
}, 60_000);
