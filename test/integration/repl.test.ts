import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { openEmbedded } from '../../config/profiles/embedded.ts';
import { blobPath as keyPath } from '../../drivers/blobs/fs/keys.ts';
import type { Asset } from '../../services/contracts/asset.ts';
import type { LaneState } from '../../services/contracts/pipeline.ts';
import { photo } from '../fixtures/pictures.ts';
import { assets, type AssetRecord } from '../../services/media/asset-records.ts';
import { ledger, type LedgerRow } from '../../services/pipeline/ledger.ts';
import { until } from '../fixtures/until.ts';
import { ask, json, settled, startApp, temporaryFolder, upload } from './app.ts';
import { onTerminal } from './terminal.ts';
import { ended, root, vitrail } from './vitrail.ts';

it('refuses a console where nobody could type', async () => {
  for (const args of [['--repl'], ['repl']]) {
    const { status, output } = await ended(vitrail(args));
    expect([status, output]).toEqual([1, 'The console needs a terminal: start it in one, and without a pipe into it.\n']);
  }
});

it('on a terminal the console of a process alone shows, pauses, runs again, finds what is lost and mends it', async () => {
  await using folder = await temporaryFolder('repl');
  const env = {
    HOME: folder.path,
    VITRAIL_DATA: join(folder.path, 'data'),
    VITRAIL_PORT: '0',
    VITRAIL_PLUGINS_FILE: join(root, 'test', 'fixtures', 'plugins.yaml'),
    VITRAIL_LOG_LEVEL: 'error',
  };
  await using terminal = onTerminal(['--repl'], env);
  const base = await until('the address', () => /ready on (http:\/\/[\w.:]+)/.exec(terminal.screen())?.[1]);
  await until('a prompt', () => terminal.screen().endsWith('vitrail $ '));
  const app = { base };
  const first = (await upload(app, await photo(1), { tags: 'kept' }, 'first.jpg')).body;
  await settled(app, first.id);

  expect(await terminal.type('assets')).toMatch(new RegExp(`${first.id} +first\\.jpg +image/jpeg .*ready[^]*1 of 1 assets`));
  expect(await terminal.type('assets type=image/png')).toContain('0 of 0 assets');
  expect(await terminal.type(`asset ${first.id}`)).toMatch(/palette\.dominant +'#[^]*palette +done +1/);
  expect(await terminal.type('asset 01J00000000000000000000000')).toMatch(/There is no|no asset/i);
  expect(await terminal.type('enrichers')).toMatch(/palette +\d+\.\d+\.\d+ +yes +1 +0 +0 +0/);
  expect(await terminal.type('nodes')).toMatch(/Node ID/);

  expect(await terminal.type('lanes pause interactive')).toMatch(/interactive +paused +0[^]*backfill +open/);
  const second = (await upload(app, await photo(2), {}, 'second.jpg')).body;
  expect(await terminal.type('lanes')).toMatch(/interactive +paused +1 +0 +0/);
  expect((await ask<Asset>(app, `/api/assets/${second.id}`)).body.state).toBe('processing');
  const { body } = await ask<{ items: LaneState[] }>(app, '/api/lanes/interactive', json('PUT', { paused: false }));
  expect(body.items[0]).toMatchObject({ lane: 'interactive', paused: false });
  await settled(app, second.id);
  expect(await terminal.type('lanes drain backfill')).toMatch(/interactive +open[^]*backfill +paused +0 +0 +0/);
  expect(await terminal.type('lanes resume')).not.toContain('paused');
  expect(await terminal.type('lanes stop')).toContain('This does not fit');

  expect(await terminal.type(`enrich ${first.id} --enricher palette`)).toContain('1 enrichments of 1 assets run again');
  await settled(app, first.id);
  expect(await terminal.type('enrich type=image/jpeg')).toContain('4 enrichments of 2 assets run again');
  for (const { id } of [first, second]) await settled(app, id);
  expect(await terminal.type('enrich type=image/jpeg --enricher none')).toContain("There is no enricher 'none'");
  expect(await terminal.type('quarantine')).toContain('0 of 0 in quarantine');
  expect(await terminal.type('replay --class data')).toContain('0 enrichments run again');
  const torn = (await upload(app, (await photo(3)).slice(0, 9000), {}, 'torn.jpg')).body;
  await settled(app, torn.id);
  expect(await terminal.type('quarantine --enricher palette')).toMatch(
    new RegExp(`${torn.id} +palette +data[^]*1 of 1 in quarantine`),
  );
  expect(await terminal.type('replay --stale')).toContain('0 enrichments run again');
  expect(await terminal.type('replay --enricher palette --class data')).toContain('1 enrichments run again');
  await settled(app, torn.id);
  expect(await terminal.type('reindex')).toContain('The index is made anew');

  expect(await terminal.type('doctor')).toContain('All is well.');
  terminal.press('\u0004');
  expect(await terminal.ended).toBe(0);
}, 240_000);

it('doctor names what does not fit together, and with --fix mends what can be', async () => {
  await using folder = await temporaryFolder('doctor');
  const data = join(folder.path, 'data');
  const ids: string[] = [];
  {
    await using app = await startApp({ data });
    for (let k = 0; k < 4; k += 1) ids.push((await upload(app, await photo(k), {}, `p${k}.jpg`)).body.id);
    for (const id of ids) await settled(app, id);
    await app.stop();
  }
  const [noDerived = '', noRow = '', noOriginal = '', noDocument = ''] = ids;
  const nowhere = '01J00000000000000000000000';
  const nobody = `originals/${'0'.repeat(64)}`;
  {
    await using ports = await openEmbedded({ data, searchRestSeconds: 0 });
    const records = ports.records.collection<AssetRecord>(assets);
    const rows = ports.records.collection<LedgerRow>(ledger);
    const ofVariants = (await records.findById(noDerived))?.files['variants'] ?? [];
    expect(ofVariants.length).toBeGreaterThan(0);
    for (const { key } of ofVariants) await ports.blobs.remove(key);
    const row = await rows.removeById(`${noRow}:palette`);
    await rows.insert({ ...row!, id: `${nowhere}:palette`, assetId: nowhere });
    await ports.blobs.remove(`originals/${(await records.findById(noOriginal))?.sha256 ?? ''}`);
    // What changed within two seconds before the mark is read again.
    const [form, at, last] = ((await ports.search.mark()) ?? '').split(':');
    await ports.search.setMark([form, Number(at) + 3000, last].join(':'));
    await ports.search.put([{ id: nowhere, rev: 1, fields: { createdAt: 1 } }]);
  }
  {
    const index = new Database(join(data, 'search.sqlite'));
    expect(index.prepare('DELETE FROM docs WHERE id = ?').run(noDocument).changes).toBe(1);
    index.close();
  }
  const env = {
    HOME: folder.path,
    VITRAIL_DATA: data,
    VITRAIL_PORT: '0',
    VITRAIL_PLUGINS_FILE: join(root, 'test', 'fixtures', 'plugins.yaml'),
    VITRAIL_LOG_LEVEL: 'fatal',
  };
  await using terminal = onTerminal(['--repl'], env);
  const base = await until('the address', () => /ready on (http:\/\/[\w.:]+)/.exec(terminal.screen())?.[1]);
  await until('a prompt', () => terminal.screen().endsWith('vitrail $ '));
  // Only now: a round of upkeep at the start would find it.
  const file = keyPath(join(data, 'blobs'), nobody);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, 'nobody’s');
  await utimes(file, 0, 0);

  const found = await terminal.type('doctor');
  expect(found).toMatch(/original-missing +1 +0/);
  expect(found).toContain(`original-missing  ${noOriginal}`);
  expect(found).toMatch(/derived-missing +[1-9]\d* +0/);
  expect(found).toMatch(/row-orphaned +1 +0/);
  expect(found).toContain(`result-unledgered  ${noRow}:palette`);
  expect(found).toContain(`index-missing  ${noDocument}`);
  expect(found).toContain(`index-strange  ${nowhere}`);
  expect(found).toContain(`blob-unclaimed  ${nobody}`);
  await terminal.type('doctor --fix');
  for (const id of [noDerived, noRow]) await settled({ base }, id);
  const left = await until('all that can be is mended', async () => {
    const again = await terminal.type('doctor');
    return !/derived-missing|row-orphaned|result-unledgered|index-/.test(again) && again;
  });
  // What nobody can make again is still named.
  expect(left).toContain(`original-missing  ${noOriginal}`);
  expect(left).not.toContain(nobody);
  terminal.press('\u0004');
  expect(await terminal.ended).toBe(0);
}, 240_000);
