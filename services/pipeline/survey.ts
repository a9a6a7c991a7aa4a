import type { ServiceBroker } from 'moleculer';
import { pagesById } from '../../mixins/pages.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import { call } from '../contracts/contract.ts';
import { EnrichmentStatus } from '../contracts/enrichment.ts';
import { media } from '../contracts/media.ts';
import type { Tally } from '../contracts/pipeline.ts';
import { fingerprints } from './fingerprint.ts';
import type { Ledger } from './ledger.ts';
import type { Anew, QuarantineFilter } from './quarantine.ts';

/** How many rows stand where, of all enrichers or of one. */
export async function tallyOf(ledger: Ledger, enricher?: string): Promise<Tally> {
  const counts = EnrichmentStatus.options.map(async (status) => {
    const query = { status, ...(enricher !== undefined && { enricher }) };
    return [status, await ledger.count({ query })] as const;
  });
  return Object.fromEntries(await Promise.all(counts)) as Tally;
}

/** Rows, of all enrichers or of one, whose result is not what today's enricher would give, a page at a time. */
export async function* staleRows(
  ledger: Ledger,
  broker: ServiceBroker,
  manifests: readonly Manifest[],
  { enricher }: Pick<QuarantineFilter, 'enricher'>,
): AsyncGenerator<Anew[]> {
  for await (const rows of pagesById(ledger, { query: enricher === undefined ? {} : { enricher }, limit: 100 })) {
    const stale: Anew[] = [];
    for (const row of rows) {
      const asset = await call(broker, media.subject, { id: row.assetId });
      const fingerprint = asset && fingerprints(asset, manifests).get(row.enricher);
      if (fingerprint != null && fingerprint !== row.fingerprint) stale.push({ row, fingerprint });
    }
    if (stale.length > 0) yield stale;
  }
}
