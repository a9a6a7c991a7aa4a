import { enrichersFor, until, type Edge } from './edge.ts';
import type { MeshProcess } from './nodes.ts';
import { rowKey, type Through } from './through.ts';

export type Table = readonly (readonly string[])[];

/** The first row is the head; what is a number stands to the right. */
export function printTable(rows: Table): void {
  const widths = rows[0]?.map((_cell, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  const pad = (cell: string, at: number) =>
    /^[\d.,]+$/.test(cell) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
  console.log();
  for (const [n, row] of rows.entries()) {
    console.log(row.map(pad).join('  ').trimEnd());
    if (n === 0) console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  }
  console.log();
}

/** Who did what, by the ledger: its rows name the node of each run. */
export function workTable(nodes: readonly MeshProcess[], { rows, killed, cut }: Through): Table {
  const lines = nodes.map(({ id, role }) => {
    const here = rows.filter(({ node, status }) => node === id && status === 'done');
    const busy = here.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0) / 1000;
    const takenOver = id === killed.id ? 0 : here.filter((row) => cut.has(rowKey(row))).length;
    const assets = new Set(here.map(({ assetId }) => assetId)).size;
    const end = id === killed.id ? 'killed half-way' : 'ran to the end';
    const count = (value: number, text = String(value)) => (role === 'worker' ? text : '');
    return [id, role, count(here.length), count(takenOver), count(assets), count(busy, busy.toFixed(1)), end];
  });
  return [['node', 'role', 'runs done', 'taken over', 'assets', 'busy s', ''], ...lines];
}

export interface Finding {
  good: boolean;
  said: string;
}

/** Whether anything was lost or doubled, by what the edge answers now. */
export async function findings(edge: Edge, { assets, rows, manifests }: Through): Promise<Finding[]> {
  const wanted = assets.flatMap((asset) =>
    enrichersFor(asset, manifests).map((enricher) => rowKey({ assetId: asset.id, enricher })),
  );
  const done = rows.filter(({ status }) => status === 'done');
  const keys = rows.map(rowKey);
  const again = rows.filter(({ attempts }) => attempts > 1).length;
  const now = await Promise.all(assets.map(({ id }) => edge.asset(id)));
  const ready = now.filter(({ state }) => state === 'ready').length;
  const shown = now.flatMap(({ id, enrichments }) =>
    Object.keys(enrichments).map((enricher) => rowKey({ assetId: id, enricher })),
  );
  const whole = await Promise.all(assets.map(async ({ id, sha256 }) => (await edge.sha256(id)) === sha256));
  const found = await until(
    'the index up to date',
    async () => (await edge.count('ready')) >= ready && (await edge.count('ready')),
    60,
  );
  const same = (list: readonly string[]) => [...list].sort().join() === [...wanted].sort().join();
  const of = (part: number, all: number, what: string): Finding => ({ good: part === all, said: `${part} of ${all} ${what}` });
  return [
    of(whole.filter(Boolean).length, assets.length, 'files come back byte for byte'),
    of(ready, assets.length, 'assets are ready'),
    of(found, assets.length, 'are found by search'),
    { ...of(done.length, wanted.length, `enrichments are done; ${again} of them had to begin again`) },
    {
      good: same(keys) && same(shown),
      said: 'each enricher has one entry and one result on each asset: none is missing, none doubled',
    },
  ];
}
