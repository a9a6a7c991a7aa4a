/**
 * How fast search is: `node bench/search.ts [--assets 100000] [--index sqlite|opensearch|both]`.
 * One process fills an index of made-up assets; a fresh one opens it and asks. By default the embedded index is measured; the others
 * need VITRAIL_OPENSEARCH_URL, and `both` ends with the two side by side.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { SearchDoc, SearchField, SearchIndex, SearchQuery } from '../drivers/search/port.ts';
import { openOpenSearch } from '../drivers/search/opensearch/open.ts';
import { openSqliteSearch } from '../drivers/search/sqlite/open.ts';
import { random, searchDoc, searchFields, type SyntheticAsset, syntheticAssets, words } from './synthetic.ts';

const { values } = parseArgs({
  options: {
    assets: { type: 'string', default: '100000' },
    index: { type: 'string', default: 'sqlite' },
    ask: { type: 'string' },
  },
});

/** An index by its address: a file, or `opensearch:<prefix of names>`. */
function open(address: string): Promise<SearchIndex> {
  const [, prefix] = /^opensearch:(.*)$/.exec(address) ?? [];
  return prefix === undefined ? openSqliteSearch({ file: address }) : openOpenSearch({ url: serverUrl(), index: prefix });
}

function serverUrl(): string {
  const url = process.env['VITRAIL_OPENSEARCH_URL'];
  if (!url) throw new Error('set VITRAIL_OPENSEARCH_URL to the server that is to be measured');
  return url;
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
const show = (what: string, said: string): void => void process.stdout.write(`${what.padEnd(34)}${said}\n`);

const fields: SearchField[] = [
  ...searchFields,
  { name: 'phash', kind: 'bits', length: 64 },
  { name: 'embedding', kind: 'vector', length: 96 },
];
const hash = (next: () => number): string => Array.from({ length: 16 }, () => Math.floor(next() * 16).toString(16)).join('');
const embedding = (next: () => number): number[] => Array.from({ length: 96 }, () => next() - 0.3);

/** Documents with what look-alikes go by. One in ten has the hash of another but for two bits. */
function* documents(assets: Iterable<SyntheticAsset>): Generator<SearchDoc> {
  const next = random(11);
  let last = hash(next);
  for (const asset of assets) {
    const doc = searchDoc(asset);
    const copy = next() < 0.1 ? `${(parseInt(last.slice(0, 2), 16) ^ 3).toString(16).padStart(2, '0')}${last.slice(2)}` : null;
    last = copy ?? hash(next);
    yield { ...doc, fields: { ...doc.fields, phash: last, embedding: embedding(next) } };
  }
}

/** What was measured, by what was asked, as p95 in ms: told to the parent process. */
interface Measured {
  what: string;
  p95: number;
}

/** Times in ms, by rank. */
function showTimes(what: string, times: number[], more = ''): void {
  const sorted = times.toSorted((a, b) => a - b);
  const [p50 = 0, p95 = 0] = [0.5, 0.95].map((share) => sorted[Math.floor((sorted.length - 1) * share)]);
  show(what, `p50 ${p50.toFixed(1)} ms   p95 ${p95.toFixed(1)} ms${more}`);
  process.send?.({ what, p95 } satisfies Measured);
}

async function fill(address: string, count: number): Promise<void> {
  const index = await open(address);
  await index.configure(fields);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let spent = 0;
  let batch: SearchDoc[] = [];
  const put = async (): Promise<void> => {
    // A turn of the loop, or making up the documents would count as delay.
    await setTimeout(1);
    const from = performance.now();
    delay.enable();
    await index.put(batch);
    delay.disable();
    spent += performance.now() - from;
    batch = [];
  };
  for (const doc of documents(syntheticAssets(count))) if (batch.push(doc) === 512) await put();
  await put();
  show(
    'indexing',
    `${Math.round((count / spent) * 1000)} documents/s, event loop p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`,
  );
  await index.close();
}

const facets = ['type', 'orientation', 'tags', 'camera', 'rating'];
const filters = [
  { field: 'orientation', any: ['landscape'] },
  { field: 'quality', gte: 0.3 },
  { field: 'rating', gte: 2 },
];

/** Query number `i` of each kind. */
function kinds(next: () => number): Record<string, () => SearchQuery> {
  const word = (from: number, to: number): string => words[from + Math.floor(next() * (to - from))] ?? '';
  const color = () => ({ l: 0.2 + 0.7 * next(), a: 0.3 * (next() - 0.5), b: 0.3 * (next() - 0.5) });
  const mistyped = (): string => {
    const typed = [...word(200, 6000)];
    typed.splice(Math.floor(next() * typed.length), 1, 'x');
    return typed.join('');
  };
  const limit = 50;
  const near = (wishes: number) => ({ field: 'palette.palette', near: Array.from({ length: wishes }, color) });
  return {
    'one word': () => ({ q: word(50, 15_000), limit }),
    'a very common word': () => ({ q: word(0, 20), limit }),
    'two words, filters, 5 facets': () => ({ q: `${word(0, 100)} ${word(100, 1000)}`, filters, facets, limit }),
    'common word, filters, 5 facets': () => ({ q: word(0, 50), filters, facets, limit }),
    newest: () => ({ limit }),
    'newest, 5 facets': () => ({ facets, limit }),
    'filters, 5 facets, by quality': () => ({ filters, facets, sort: { field: 'quality', descending: true }, limit }),
    'beginning of a word': () => ({ q: word(50, 15_000).slice(0, 3), limit }),
    'mistyped word': () => ({ q: mistyped(), limit }),
    'one colour': () => ({ colors: near(1), limit }),
    'three colours': () => ({ colors: near(3), limit }),
    'three colours, filters, 5 facets': () => ({ colors: near(3), filters, facets, limit }),
  };
}

/** Look-alikes: what is near to a value, and all groups of near-duplicates after a change. */
async function lookAlikes(index: SearchIndex): Promise<void> {
  const next = random(5);
  const wishes = {
    'nearest by 64 bits': () => [{ field: 'phash', value: hash(next) }],
    'nearest by 96 numbers': () => [{ field: 'embedding', value: embedding(next) }],
    'nearest by both': () => [
      { field: 'phash', value: hash(next) },
      { field: 'embedding', value: embedding(next) },
    ],
  };
  for (const [what, near] of Object.entries(wishes)) {
    const times: number[] = [];
    for (let i = 0; i < 60; i++) {
      const start = performance.now();
      await index.nearest({ near: near(), limit: 20 });
      times.push(performance.now() - start);
    }
    showTimes(what, times.slice(1));
  }
  const query = { near: [{ field: 'phash', within: 8 }], order: [{ field: 'width', descending: true }], limit: 20 };
  const times: number[] = [];
  const meanwhile: number[] = [];
  let total = 0;
  for (let rev = 2; rev < 10; rev++) {
    await index.put([{ id: 'changed', rev, fields: {} }]);
    const start = performance.now();
    let over = false;
    const groups = index.groups(query).finally(() => (over = true));
    // Every other time searches come in between, which takes longer.
    while (rev % 2 === 1 && !over) {
      const asked = performance.now();
      await index.find({ limit: 50 });
      meanwhile.push(performance.now() - asked);
    }
    ({ total } = await groups);
    if (rev % 2 === 0) times.push(performance.now() - start);
  }
  showTimes('groups of near-duplicates', times, `   ${total} groups`);
  showTimes('newest meanwhile', meanwhile);
  const start = performance.now();
  await index.groups(query);
  show('groups again', `${(performance.now() - start).toFixed(1)} ms`);
}

async function paging(index: SearchIndex): Promise<number[]> {
  const times: number[] = [];
  let cursor: string | null | undefined;
  while (times.length < 100 && cursor !== null) {
    const from = performance.now();
    ({ next: cursor } = await index.find({ q: words[3], limit: 50, cursor }));
    times.push(performance.now() - from);
  }
  return times;
}

async function ask(address: string): Promise<void> {
  const before = process.memoryUsage.rss();
  const from = performance.now();
  const index = await open(address);
  await index.configure(fields);
  const opened = performance.now() - from;
  const { total } = await index.find({ limit: 50 });
  show('open to first answer', `${Math.round(performance.now() - from)} ms (open ${Math.round(opened)} ms), ${total} documents`);
  await setTimeout(2000);
  const rest = process.memoryUsage.rss();
  show('memory at rest', `${megabytes(rest)}, of that the index ${megabytes(rest - before)}`);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  for (const [what, query] of Object.entries(kinds(random(7)))) {
    await index.find(query());
    const times: number[] = [];
    for (let i = 0; i < 60; i++) {
      const start = performance.now();
      await index.find(query());
      times.push(performance.now() - start);
    }
    showTimes(what, times);
  }
  await lookAlikes(index);
  showTimes('100 pages of a common word', await paging(index));
  show('event loop meanwhile', `p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, at most ${(delay.max / 1e6).toFixed(1)} ms`);
  show('memory after', megabytes(process.memoryUsage.rss()));
  await index.close();
}

/** Fills an index, has a fresh process ask it, and answers what that measured. */
async function measure(address: string): Promise<Measured[]> {
  await fill(address, Number(values.assets));
  const measured: Measured[] = [];
  const child = fork(import.meta.filename, ['--ask', address]);
  child.on('message', (one: Measured) => measured.push(one));
  await once(child, 'exit');
  return measured;
}

async function embedded(): Promise<Measured[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrail-bench-search-'));
  try {
    const file = join(folder, 'search.sqlite');
    const measured = await measure(file);
    show('index on disk', megabytes((await stat(file)).size));
    return measured;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function served(): Promise<Measured[]> {
  const prefix = `bench-${process.pid}`;
  const url = serverUrl();
  try {
    const measured = await measure(`opensearch:${prefix}`);
    const sizes = (await (await fetch(new URL(`/_cat/indices/${prefix}-*?h=store.size`, url))).text()).trim();
    show('index on disk', sizes);
    return measured;
  } finally {
    await fetch(new URL(`/${prefix}-*`, url), { method: 'DELETE' });
  }
}

if (values.ask) {
  await ask(values.ask);
} else {
  const sqlite = values.index === 'opensearch' ? [] : await embedded();
  const opensearch = values.index === 'sqlite' ? [] : await served();
  const told = (measured?: Measured): string => (measured ? `${measured.p95.toFixed(1)} ms` : '').padStart(12);
  if (values.index === 'both') show('\np95', `${'sqlite'.padStart(12)}${'opensearch'.padStart(12)}`);
  for (const one of values.index === 'both' ? sqlite : [])
    show(one.what, told(one) + told(opensearch.find(({ what }) => what === one.what)));
}
