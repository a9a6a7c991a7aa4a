import { basename } from 'node:path';
import type { Manifest } from '../../plugins/sdk/index.ts';
import type { Asset } from '../../services/contracts/asset.ts';
import type { Enrichment } from '../../services/contracts/enrichment.ts';
import { enrichersFor, until, type Edge } from './edge.ts';
import type { MeshProcess } from './nodes.ts';

/** What has gone through a mesh of which one node was killed. */
export interface Through {
  assets: Asset[];
  /** The ledger of all assets, at the end. */
  rows: Enrichment[];
  /** Enrichers that there were, and so the runs that there had to be. */
  manifests: Manifest[];
  killed: MeshProcess;
  /** What the killed node had in work, by `rowKey`. */
  cut: ReadonlySet<string>;
}

export const rowKey = ({ assetId, enricher }: Pick<Enrichment, 'assetId' | 'enricher'>): string => `${assetId} ${enricher}`;

const ledgerOf = async (edge: Edge, assets: readonly Asset[]): Promise<Enrichment[]> =>
  (await Promise.all(assets.map(({ id }) => edge.enrichments(id)))).flat();

const isOver = ({ status }: Enrichment): boolean => status !== 'pending' && status !== 'running';

/** How far it is: on a terminal a line that is written over, elsewhere a line for each quarter. */
function progress(total: number): (done: number) => void {
  let quarter = 0;
  return (done) => {
    const line = `Enriched    ${done} of ${total}`;
    if (process.stdout.isTTY) return void process.stdout.write(`\r${line}${done === total ? '\n' : ''}`);
    const now = Math.floor((4 * done) / total);
    if (now > quarter) console.log(line);
    quarter = now;
  };
}

/** The worker with most in hand: that is where a death hurts. */
function busiest(workers: readonly MeshProcess[], rows: readonly Enrichment[]): { worker: MeshProcess; inHand: Enrichment[] } {
  const [first] = workers
    .map((worker) => ({ worker, inHand: rows.filter(({ status, node }) => status === 'running' && node === worker.id) }))
    .sort((a, b) => b.inHand.length - a.inHand.length);
  if (!first) throw new Error('there is no worker');
  return first;
}

/** Takes the files in, kills a worker when half of the work is done, and waits until nothing is left to do. */
export async function enrichedThrough(edge: Edge, nodes: readonly MeshProcess[], files: readonly string[]): Promise<Through> {
  const manifests = await edge.enrichers();
  const answers = await Promise.all(files.map((file) => edge.upload(file)));
  const assets = [...new Map(answers.filter((asset) => asset !== null).map((asset) => [asset.id, asset])).values()];
  const total = assets.reduce((sum, asset) => sum + enrichersFor(asset, manifests).length, 0);
  console.log(`Taken in    ${assets.length} files; ${manifests.length} enrichers make ${total} runs of them`);
  const tell = progress(total);
  const workers = nodes.filter(({ role }) => role === 'worker');

  const victim = await until('half of the work', async () => {
    const rows = await ledgerOf(edge, assets);
    const done = rows.filter(isOver).length;
    tell(done);
    const found = busiest(workers, rows);
    if (done === total) throw new Error('all was done before a worker could be killed: give it more files');
    return done >= total / 2 && found.inHand.length > 0 && found;
  });
  const { worker: killed, inHand } = victim;
  await killed.kill();
  const names = new Map(assets.map(({ id, filename }) => [id, filename]));
  const work = inHand.map(({ enricher, assetId }) => `${enricher} of ${basename(names.get(assetId) ?? assetId)}`);
  console.log(`${process.stdout.isTTY ? '\n' : ''}kill -9     ${killed.id}, which was at ${work.join(', ')}`);

  const rows = await until('an end of the work', async () => {
    const now = await ledgerOf(edge, assets);
    tell(now.filter(isOver).length);
    return now.length >= total && now.every(isOver) && now;
  });
  return { assets, rows, manifests, killed, cut: new Set(inHand.map(rowKey)) };
}
