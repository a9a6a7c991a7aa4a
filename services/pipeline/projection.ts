import { BlobRef } from '../../plugins/sdk/fields.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import type { AssetState } from '../contracts/asset.ts';
import type { AssetFile, Projection } from '../contracts/media.ts';
import type { LedgerRow } from './ledger.ts';

/** A row's result as the asset shows it: keys of derived files stay inside, everything else is for clients. */
export function projectionOf(row: LedgerRow, manifest: Manifest, state: AssetState): Projection {
  const files: AssetFile[] = [];
  const values: Record<string, unknown> = {};
  const show = (output: unknown): unknown => {
    const { key, ...file } = BlobRef.parse(output);
    files.push({ key, ...file });
    return file;
  };
  for (const [name, value] of Object.entries(row.outputs ?? {})) {
    const kind = manifest.outputs[name]?.kind;
    if (kind === 'blob') values[name] = show(value);
    else if (kind === 'blobs') values[name] = (value as unknown[]).map(show);
    else values[name] = value;
  }
  return { id: row.assetId, enricher: row.enricher, fingerprint: row.fingerprint, at: row.finishedAt ?? 0, values, files, state };
}
