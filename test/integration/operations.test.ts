import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnricherInfo, Work } from '../../services/contracts/pipeline.ts';
import { photo } from '../fixtures/pictures.ts';
import { until } from '../fixtures/until.ts';
import { type App, ask, json, settled, startApp, temporaryFolder, upload } from './app.ts';

const plugin = (name: string, body: string) => `
import { defineEnricher, field } from 'vitrail/sdk';
import { existsSync } from 'node:fs';
import { z } from 'zod';
void existsSync;
export default defineEnricher({
  name: '${name}', title: '${name}', version: '1.0.0', resultVersion: 1, accepts: ['image/*'], config: z.strictObject({}),
  outputs: { ok: field.boolean({ title: 'Fine' }) }, run: { attempts: 2, concurrency: 1 },
  async enrich() { ${body} },
});`;

/** As many as open a breaker: half of at least twenty runs within a minute. */
const many = 12;

describe('what operations are told', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let app: App;
  let gate: string;
  beforeAll(async () => {
    folder = await temporaryFolder('operations');
    gate = join(folder.path, 'open');
    const bodies = {
      fails: `throw new Error('never');`,
      waits: `while (!existsSync(${JSON.stringify(gate)})) await new Promise((resolve) => setTimeout(resolve, 50)); return { ok: true };`,
    };
    for (const [name, body] of Object.entries(bodies)) {
      await mkdir(join(folder.path, name));
      await writeFile(join(folder.path, name, 'index.ts'), plugin(name, body));
    }
    const list = join(folder.path, 'plugins.yaml');
    await writeFile(list, 'enrichers:\n  fails: { from: ./fails }\n  waits: { from: ./waits }\n');
    app = await startApp({ env: { VITRAIL_PLUGINS_FILE: list, VITRAIL_WORKERS: '2' } });
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });
  const work = async () => (await ask<Work>(app, '/api/work')).body;
  const enricher = async (name: string) =>
    (await ask<{ items: EnricherInfo[] }>(app, '/api/enrichers')).body.items.find((one) => one.name === name)!;

  it('is what there is to do, lane by lane, and how busy an enricher is behind its bulkhead', async () => {
    const rest = await work();
    expect(rest).toMatchObject({ assets: 0, unplanned: 0, enrichments: { pending: 0, done: 0 } });
    expect(rest.lanes).toEqual(
      ['interactive', 'backfill'].map((lane) => ({ lane, waiting: 0, delayed: 0, inFlight: 0, dead: 0, paused: false })),
    );
    for (let i = 0; i < many; i++) await upload(app, await photo(i));
    await until('one runs, one waits for it', async () => {
      const [host] = (await enricher('waits')).hosts;
      return host?.running === 1 && host.waiting > 0;
    });
    const [interactive] = (await work()).lanes;
    expect((interactive?.inFlight ?? 0) + (interactive?.waiting ?? 0) + (interactive?.delayed ?? 0)).toBeGreaterThan(0);
    expect(await work()).toMatchObject({ assets: many, unplanned: 0 });
  });

  it('is that a breaker opened, and that the next run may close it', async () => {
    await writeFile(gate, '');
    await until('it has opened', async () => (await enricher('fails')).hosts[0]?.breaker === 'open');
    expect((await enricher('waits')).hosts[0]?.breaker).toBe('closed');
    await until('it is half open', async () => (await enricher('fails')).hosts[0]?.breaker === 'half-open');
  });

  it('is how many a replay would run, without one that does', async () => {
    const { body } = await ask<{ items: { id: string }[] }>(app, `/api/search?limit=${many}`);
    for (const { id } of body.items) await settled(app, id);
    const { enrichments } = await work();
    expect(enrichments).toEqual({ pending: 0, running: 0, done: many, quarantined: many, unavailable: 0 });
    const replay = async (wish: object) =>
      (await ask<{ replayed: number }>(app, '/api/quarantine/replay', json('POST', wish))).body.replayed;
    expect(await replay({ dryRun: true })).toBe(many);
    expect(await replay({ dryRun: true, class: 'data' })).toBe(0);
    expect(await replay({ dryRun: true, stale: true })).toBe(0);
    expect((await work()).enrichments).toEqual(enrichments);
    expect(await replay({ enricher: 'fails' })).toBe(many);
  });
});
