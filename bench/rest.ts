/**
 * The serving process at rest with many assets: how long from the start of the process until it is ready, and its resident memory;
 * then the same after some searches. `node bench/rest.ts [--assets 100000]`. The first start feeds the index and plans; it is not
 * what is measured.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPlugins } from '../config/plugins.ts';
import { openSqliteRecords } from '../drivers/records/sqlite/open.ts';
import { manifestOf } from '../plugins/sdk/define.ts';
import { assets as assetsCollection, type AssetRecord } from '../services/media/asset-records.ts';
import { fingerprints } from '../services/pipeline/fingerprint.ts';
import { ledger as ledgerCollection, rowId, type LedgerRow } from '../services/pipeline/ledger.ts';
import { type BenchApp, cpuMs, median, root, rssMb, startBenchApp } from './app.ts';
import { syntheticAssets } from './synthetic.ts';

const { values } = parseArgs({ options: { assets: { type: 'string', default: '100000' } } });
const count = Number(values.assets);
const batch = 500;
/** The made-up assets have no originals, and it would be said. */
const quiet = { VITRAIL_LOG_LEVEL: 'fatal' };

/** The records of a collection that was imported long ago: every enricher has done its work. */
async function fill(file: string): Promise<void> {
  const plugins = await loadPlugins(join(root, 'config', 'plugins.yaml'));
  const manifests = plugins.map(({ enricher, config }) => manifestOf(enricher, config));
  const store = await openSqliteRecords({ file });
  const assets = store.collection<AssetRecord>(assetsCollection);
  const ledger = store.collection<LedgerRow>(ledgerCollection);
  let records: AssetRecord[] = [];
  const flush = async () => {
    await assets.insertMany(records);
    await ledger.insertMany(
      records.flatMap(({ id, sha256 = '', type, createdAt }) =>
        [...fingerprints({ sha256, type }, manifests)].map(([enricher, fingerprint]): LedgerRow => ({
          ...{ id: rowId(id, enricher), assetId: id, enricher, fingerprint, status: 'done', lane: 'backfill', attempts: 1 },
          ...{ interruptions: 0, dueAt: createdAt, createdAt, finishedAt: createdAt, projected: true },
        })),
      ),
    );
    records = [];
  };
  for (const { id, sha256, filename, type, bytes, width, height, createdAt, title, tags, palette } of syntheticAssets(count)) {
    records.push({
      ...{ id, sha256, filename, type, bytes, width, height, createdAt, title, tags },
      ...{ state: 'ready', rev: 3, changedAt: createdAt, files: {}, prints: {} },
      enrichments: { palette: { palette, dominant: palette[0]?.hex ?? '#808080' } },
    });
    if (records.length === batch) await flush();
  }
  if (records.length > 0) await flush();
  await store.close();
}

const search = async (app: BenchApp, query: string) =>
  (await (await fetch(`${app.base}/api/search?limit=1&${query}`)).json()) as { total: number };

async function untilQuiet(app: BenchApp): Promise<void> {
  for (let before = -1, now = 0; now - before > 40; await new Promise((resolve) => setTimeout(resolve, 1500))) {
    before = now;
    now = await cpuMs(app.pid);
  }
}

const data = await mkdtemp(join(tmpdir(), 'vitrail-rest-'));
try {
  await fill(join(data, 'records.sqlite'));
  {
    await using app = await startBenchApp(quiet, data);
    while ((await search(app, 'facets=none')).total < count) await new Promise((resolve) => setTimeout(resolve, 500));
    await untilQuiet(app);
  }
  const starts: number[] = [];
  const rest: number[] = [];
  const used: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    await using app = await startBenchApp(quiet, data);
    starts.push(app.readyMs);
    await untilQuiet(app);
    rest.push(await rssMb(app.pid));
    for (const query of ['q=stone', 'colors=%23336699', 'sort=-width', 'q=bri&orientation=portrait', 'type=image/png'])
      await search(app, query);
    await untilQuiet(app);
    used.push(await rssMb(app.pid));
  }
  const row = (what: string, all: number[], unit: string) =>
    console.log(
      `${what.padEnd(44)} ${median(all).toFixed(0).padStart(6)} ${unit}   (${all.map((value) => value.toFixed(0)).join(', ')})`,
    );
  console.log(`${count} assets, three starts; median (all)\n`);
  row('ready after the start of the process', starts, 'ms');
  row('resident memory at rest (aim < 160)', rest, 'MB');
  row('resident memory after five searches', used, 'MB');
} finally {
  await rm(data, { recursive: true, force: true });
}
