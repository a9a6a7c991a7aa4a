import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { SearchPage } from '../../services/contracts/search.ts';
import { until } from '../fixtures/until.ts';
import { ask, samples, settled, startApp, temporaryFolder, upload } from './app.ts';
import { ended, vitrail } from './vitrail.ts';

const run = promisify(execFile);
const Written = z.object({ folder: z.string(), files: z.array(z.string()), pluginsFile: z.string(), line: z.string() });

async function create(cwd: string, env: Record<string, string>): Promise<z.infer<typeof Written>> {
  const { status, stdout, output } = await ended(vitrail(['create', 'enricher', 'my-tone', '--json'], { cwd, env }));
  if (status !== 0) throw new Error(output);
  return Written.parse(JSON.parse(stdout));
}

/** Starts Vitrail with that plugins file, and finds what the enricher says wherever it should be. */
async function expectLive(list: string): Promise<void> {
  await using app = await startApp({ env: { VITRAIL_PLUGINS_FILE: list } });
  const { body } = await upload(app, join(samples, 'sunset.jpg'));
  const said = (await settled(app, body.id)).enrichments['my-tone'];
  expect(said).toEqual({ brightness: expect.any(Number), tone: expect.stringMatching(/^(dark|bright)$/) });
  await until('search by it', async () => {
    const page = await ask<SearchPage>(app, `/api/search?my-tone.tone=${String(said?.['tone'])}&sort=-my-tone.brightness`);
    return page.body.total === 1 && page.body.facets['my-tone.tone']?.[0]?.count === 1;
  });
  // What the page makes its fields and filters from.
  const { body: known } = await ask<{ items: { name: string; title: string }[] }>(app, '/api/enrichers');
  expect(known.items).toContainEqual(expect.objectContaining({ name: 'my-tone', title: 'My tone', available: true }));
}

it('a folder written by create passes its own tests, and is live by the line that create says', async () => {
  await using folder = await temporaryFolder('create');
  const list = join(folder.path, 'config', 'plugins.yaml');
  const made = await create(folder.path, { VITRAIL_PLUGINS_FILE: list });
  expect(made).toMatchObject({ folder: join(folder.path, 'my-tone'), pluginsFile: list });
  expect((await readdir(made.folder)).sort()).toEqual([...made.files].sort());

  const tested = await ended(vitrail(['test', 'my-tone'], { cwd: folder.path }));
  expect(tested).toMatchObject({ status: 0, output: expect.stringMatching(/pass [1-9]\d/) });

  await mkdir(join(folder.path, 'config'));
  await writeFile(list, `enrichers:\n  ${made.line}\n`);
  await expectLive(list);

  const again = await ended(vitrail(['create', 'enricher', 'my-tone'], { cwd: folder.path }));
  expect(again).toMatchObject({ status: 1, output: expect.stringContaining('is there already') });
}, 240_000);

it('its tests fail where it is broken, and a folder without tests is none that passes', async () => {
  await using folder = await temporaryFolder('create');
  const made = await create(folder.path, {});
  const logic = join(made.folder, 'my-tone.js');
  await writeFile(logic, (await readFile(logic, 'utf8')).replace('/ 255', '/ 256'));
  const broken = await ended(vitrail(['test'], { cwd: made.folder }));
  expect(broken).toMatchObject({ status: 1, output: expect.stringContaining('tells black from white') });
  await rm(join(made.folder, 'my-tone.test.js'));
  expect(await ended(vitrail(['test', '.'], { cwd: made.folder }))).toMatchObject({
    status: 1,
    output: expect.stringMatching(/has no tests/),
  });
}, 120_000);

it('packed and installed as an npm package it is live as well', async () => {
  await using folder = await temporaryFolder('create');
  const { folder: own } = await create(folder.path, {});
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder.path], { cwd: own });
  const [packed] = z.array(z.object({ filename: z.string() })).parse(JSON.parse(stdout));
  const host = join(folder.path, 'host');
  await mkdir(host);
  await writeFile(join(host, 'package.json'), '{ "private": true }');
  const install = ['install', '--offline', '--no-audit', '--no-fund', join(folder.path, packed?.filename ?? '')];
  await run('npm', install, { cwd: host });
  await rm(own, { recursive: true });
  await writeFile(join(host, 'plugins.yaml'), 'enrichers:\n  my-tone: { from: vitrail-enricher-my-tone }\n');
  await expectLive(join(host, 'plugins.yaml'));
}, 240_000);
