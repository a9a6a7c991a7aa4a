import type { Manifest } from '../../plugins/sdk/manifest.ts';
import { enrich } from '../contracts/enricher.ts';
import type { EnricherHost } from '../contracts/pipeline.ts';
import type { Breakers } from './breakers.ts';
import type { Ledger, LedgerRow } from './ledger.ts';

/** Runs under way that are looked at: more than a mesh has at once. */
const most = 10_000;

export const underWay = (ledger: Ledger): Promise<LedgerRow[]> => ledger.find({ query: { status: 'running' }, limit: most });

/**
 * What an enricher has to do on each node that hosts it. A bulkhead lets `concurrency` runs in, and others wait before it: how many do
 * follows from the ledger, which knows of every run what node it was given to.
 */
export function enricherHosts(
  { name, run }: Pick<Manifest, 'name' | 'run'>,
  hosts: readonly string[],
  rows: readonly Pick<LedgerRow, 'enricher' | 'node'>[],
  breakers: Pick<Breakers, 'of'>,
): EnricherHost[] {
  return hosts.map((node) => {
    const runs = rows.filter((row) => row.enricher === name && row.node === node).length;
    const running = Math.min(runs, run.concurrency);
    return { node, running, waiting: runs - running, breaker: breakers.of(enrich(name).name, node) };
  });
}
