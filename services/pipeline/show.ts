import type { ServiceBroker } from 'moleculer';
import type { Catalog } from '../../mixins/catalog.ts';
import { patiently } from '../../mixins/patience.ts';
import { call } from '../contracts/contract.ts';
import { emit, events } from '../contracts/event.ts';
import { type AssetState, type Origin, originOf } from '../contracts/asset.ts';
import { media } from '../contracts/media.ts';
import { stateOf, type Ledger, type LedgerRow } from './ledger.ts';
import { projectionOf } from './projection.ts';

export interface ShowOptions {
  broker: ServiceBroker;
  ledger: Ledger;
  catalog: Pick<Catalog, 'get'>;
}

/** The results of one asset's turn: shown in the order in which they come, while the next run goes on. */
export interface Results {
  /** Shows a finished row, with the state that the rows give by then. */
  add(row: LedgerRow, rows: readonly LedgerRow[]): void;
  /** Resolves when all are shown and noted as such; answers the state that the asset has from the last of them since it was asked, if it has. */
  shown(): Promise<AssetState | undefined>;
}

/** Shows a result on its asset; safe to do again. Answers whether the asset has it, and the state that came with it, now. */
async function show({ broker, catalog }: ShowOptions, row: LedgerRow, state: AssetState): Promise<'shown' | 'older' | 'unknown'> {
  const manifest = catalog.get(row.enricher);
  if (!manifest) return 'unknown';
  return (await call(broker, media.project, projectionOf(row, manifest, state))) ? 'shown' : 'older';
}

async function noteShown(ledger: Ledger, rows: readonly LedgerRow[]): Promise<void> {
  const each = rows.map(({ id, fingerprint, finishedAt = 0 }) => ({
    query: { id, fingerprint, finishedAt },
    update: { $set: { projected: true } },
  }));
  if (each.length > 0) await ledger.updateEach(each);
}

/** Shows a result that was written down earlier, and notes it. Answers the state that the asset has by it, if it has. */
export async function showRow(options: ShowOptions, row: LedgerRow, rows: readonly LedgerRow[]): Promise<AssetState | undefined> {
  const state = stateOf(rows);
  const shown = await show(options, row, state);
  if (shown !== 'unknown') await noteShown(options.ledger, [row]);
  return shown === 'shown' ? state : undefined;
}

/** @param of the asset whose results they are */
export function results(options: ShowOptions, of: Origin): Results {
  const noted: LedgerRow[] = [];
  let written: AssetState | undefined;
  let last = Promise.resolve();

  async function showNext(row: LedgerRow, state: AssetState): Promise<void> {
    const shown = await patiently(() => show(options, row, state));
    if (shown === 'unknown') return;
    if (shown === 'shown') written = state;
    noted.push(row);
    const { assetId, enricher, durationMs = 0 } = row;
    await emit(options.broker, events.enrichmentDone, { assetId, enricher, durationMs, ...originOf(of) });
  }

  return {
    add(row, rows) {
      const state = stateOf(rows);
      last = last.then(() => showNext(row, state));
      // It is `shown` that says so.
      last.catch(() => undefined);
    },
    async shown() {
      await last;
      await noteShown(options.ledger, noted.splice(0));
      const state = written;
      written = undefined;
      return state;
    },
  };
}
