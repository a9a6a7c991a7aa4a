import type { ServiceBroker } from 'moleculer';
import { examination, type Tallied } from '../../mixins/examination.ts';
import { pagesById } from '../../mixins/pages.ts';
import type { Asset } from '../contracts/asset.ts';
import { call } from '../contracts/contract.ts';
import type { Examination } from '../contracts/examination.ts';
import { media } from '../contracts/media.ts';
import { rowId, type Ledger } from './ledger.ts';

const page = 200;
/** Rows of a page of assets, at most. */
const mostRows = page * 50;

export interface ExamineOptions {
  broker: ServiceBroker;
  ledger: Ledger;
  fix: boolean;
  /** Enters the rows that an asset lacks of the enrichers in force; answers how many. */
  plan(asset: Asset): Promise<number>;
}

/** Rows of assets that are gone. */
async function examineRows({ broker, ledger, fix }: ExamineOptions, tally: Tallied): Promise<void> {
  for await (const rows of pagesById(ledger, { limit: page })) {
    const ids = [...new Set(rows.map(({ assetId }) => assetId))];
    const there = new Set((await call(broker, media.many, { ids })).map(({ id }) => id));
    for (const { id, assetId } of rows) {
      if (there.has(assetId)) continue;
      if (fix) await ledger.removeById(id);
      tally.found('row-orphaned', id, fix);
    }
    tally.saw(rows.length);
  }
}

/** Results and derived files of which the ledger knows nothing: nobody would see that they are stale. */
async function examineResults({ broker, ledger, fix, plan }: ExamineOptions, tally: Tallied): Promise<void> {
  for (let since: string | null = null; ;) {
    const { assets, mark, more }: { assets: Asset[]; mark: string | null; more: boolean } = await call(broker, media.changes, {
      since,
      limit: page,
    });
    const query = { assetId: { $in: assets.map(({ id }) => id) } };
    const rows = new Set((await ledger.find({ query, limit: mostRows })).map(({ id }) => id));
    for (const asset of assets) {
      const lost = Object.keys(asset.enrichments).filter((enricher) => !rows.has(rowId(asset.id, enricher)));
      if (lost.length === 0) continue;
      const planned = fix && (await plan(asset)) > 0;
      for (const enricher of lost) {
        const id = rowId(asset.id, enricher);
        tally.found('result-unledgered', id, planned && (await ledger.findById(id)) !== null);
      }
    }
    if (!more) return;
    since = mark;
  }
}

/** Holds the ledger against the assets, both ways. */
export async function examineLedger(options: ExamineOptions): Promise<Examination> {
  const tally = examination();
  await examineRows(options, tally);
  await examineResults(options, tally);
  return tally.result();
}
