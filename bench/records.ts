import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import type { Collection } from '../drivers/records/port.ts';
import { openSqliteRecords } from '../drivers/records/sqlite/open.ts';

/** Records of about 2 KB: the port on SQLite beside bare better-sqlite3 statements on a table with real columns. `node bench/records.ts [count]` */
interface Row {
  id: string;
  sha256: string;
  owner: string;
  state: string;
  rating: number;
  createdAt: number;
  rev: number;
  text: string;
}

const declared: Collection = {
  name: 'assets',
  hot: { sha256: 'text', owner: 'text', state: 'text', rating: 'number', createdAt: 'number', rev: 'number' },
  indexes: [['state', 'createdAt'], ['owner', 'createdAt'], ['createdAt']],
  unique: ['sha256'],
};
const page = { query: { state: 'ready', rating: { $gte: 3 } }, sort: ['-createdAt'], limit: 50 };

/** Opened by a process of its own: what a start costs, and what it keeps. */
if (process.argv[2] === '--open') {
  const before = performance.now();
  const store = await openSqliteRecords({ file: process.argv[3] ?? '' });
  const records = store.collection<Row>(declared);
  await records.find(page);
  const ms = performance.now() - before;
  for (let n = 0; n < 2_000; n += 1) await records.findById(`id-${String(n * 37).padStart(22, '0')}`);
  process.stdout.write(JSON.stringify({ ms, rss: process.memoryUsage().rss }));
  await store.close();
  process.exit(0);
}

const count = Number(process.argv[2] ?? 100_000);
const text = 'lorem ipsum dolor sit amet '.repeat(64);
const row = (n: number): Row => ({
  id: `id-${String(n).padStart(22, '0')}`,
  sha256: String(n * 7919).padStart(64, '0'),
  owner: `owner-${n % 50}`,
  state: n % 10 < 8 ? 'ready' : 'processing',
  rating: n % 6,
  createdAt: 1.7e12 + ((n * 104_729) % count) * 1000,
  rev: 1,
  text,
});
const rows = (from: number, size: number): Row[] => Array.from({ length: Math.min(size, count - from) }, (_, n) => row(from + n));
const anyId = (n: number): string => row((n * 7919) % count).id;

const folder = await mkdtemp(join(tmpdir(), 'vitrail-bench-'));
const file = join(folder, 'records.db');
const store = await openSqliteRecords({ file });
const records = store.collection<Row>(declared);
const bare = new Database(join(folder, 'bare.db'));
for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'cache_size = -16000']) bare.pragma(pragma);
bare.exec(`
  CREATE TABLE assets (rid INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, sha256 TEXT UNIQUE, owner TEXT, state TEXT, rating REAL, createdAt REAL, rev REAL, doc TEXT);
  CREATE INDEX a ON assets (state, createdAt); CREATE INDEX b ON assets (owner, createdAt); CREATE INDEX c ON assets (createdAt)`);
const put = bare.prepare<[Row & { doc: string }]>(
  'INSERT INTO assets (id, sha256, owner, state, rating, createdAt, rev, doc) VALUES (:id, :sha256, :owner, :state, :rating, :createdAt, :rev, :doc)',
);
const putAll = bare.transaction((some: Row[]) => {
  for (const one of some) put.run({ ...one, doc: JSON.stringify(one) });
});
const byId = bare.prepare<[string], string>('SELECT doc FROM assets WHERE id = ?').pluck();
const barePage = bare
  .prepare<[], string>(`SELECT doc FROM assets WHERE state = 'ready' AND rating >= 3 ORDER BY createdAt DESC, id LIMIT 50`)
  .pluck();
const swap = bare.prepare<[string]>(
  `UPDATE assets SET rev = rev + 1, doc = json_set(doc, '$.rev', rev + 1) WHERE id = ? AND rev = 1`,
);
const swapAll = bare.transaction((ids: string[]) => {
  for (const id of ids) swap.run(id);
});

type Work = (n: number) => unknown;

/** Times each of both ways in turn, so that both meet the same noise; the median and 95th percentile in microseconds. */
async function compare(title: string, times: number, port: Work, plain: Work, per = 1): Promise<Record<string, string>> {
  const took: [number[], number[]] = [[], []];
  for (let n = 0; n < times; n += 1) {
    for (const [work, list] of [[port, took[0]] as const, [plain, took[1]] as const]) {
      const before = performance.now();
      await work(n);
      list.push(((performance.now() - before) * 1000) / per);
    }
  }
  const at = (list: number[], share: number): number => list.sort((a, b) => a - b)[Math.floor(list.length * share)] ?? Number.NaN;
  const [mine, theirs] = took;
  const us = (value: number): string => value.toFixed(value < 100 ? 1 : 0);
  const ratio = (at(theirs, 0.5) / at(mine, 0.5)).toFixed(2);
  return {
    what: title,
    'p50 us': us(at(mine, 0.5)),
    'p95 us': us(at(mine, 0.95)),
    'bare p50': us(at(theirs, 0.5)),
    'of bare': ratio,
  };
}

const batch = 500;
const many = 100;
const someIds = (n: number): string[] => Array.from({ length: many }, (_, k) => anyId(n * many + k));
const results = [
  await compare(
    `insert, batches of ${batch}`,
    Math.ceil(count / batch),
    (n) => records.insertMany(rows(n * batch, batch)),
    (n) => putAll(rows(n * batch, batch)),
    batch,
  ),
  await compare(
    'point read',
    5_000,
    (n) => records.findById(anyId(n)),
    (n) => JSON.parse(byId.get(anyId(n)) ?? ''),
  ),
  await compare(
    'page of 50: 2 filters, sort',
    500,
    () => records.find(page),
    () => barePage.all().map((doc) => JSON.parse(doc) as unknown),
  ),
  await compare(
    `compare and set, ${many} at once`,
    50,
    (n) => Promise.all(someIds(n).map((id) => records.updateMany({ id, rev: 1 }, { $inc: { rev: 1 } }))),
    (n) => swapAll(someIds(n)),
    many,
  ),
];
await store.close();
bare.close();
const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), '--open', file]);
const opened = JSON.parse(stdout) as { ms: number; rss: number };

console.table(Object.fromEntries(results.map(({ what, ...numbers }) => [what, numbers])));
console.log(
  `${count} records, ${Math.round(statSync(file).size / 1e6)} MB (bare ${Math.round(statSync(join(folder, 'bare.db')).size / 1e6)} MB)`,
);
console.log(
  `opened, with its first page, in ${opened.ms.toFixed(0)} ms; ${Math.round(opened.rss / 2 ** 20)} MB RSS after 2,000 reads`,
);
await rm(folder, { recursive: true });
