import { BlobRef } from '../../plugins/sdk/fields.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import type { AssetState } from '../contracts/asset.ts';
import type { AssetFile, Projection } from '../contracts/media.ts';
import type { LedgerRow } from './ledger.ts';

/** A row's outputs in the two parts that an asset keeps: values for everybody, and derived files whose keys stay inside. */
export function partsOf(outputs: Record<string, unknown>, manifest: Manifest): Pick<Projection, 'values' | 'files'> {
  const files: AssetFile[] = [];
  const show = (output: unknown): unknown => {
    const { key, ...file } = BlobRef.parse(output);
    files.push({ key, ...file });
    return file;
  };
  const values = Object.entries(outputs).map(([name, value]) => {
    const kind = manifest.outputs[name]?.kind;
    if (kind === 'blob') return [name, show(value)];
    return [name, kind === 'blobs' ? (value as unknown[]).map(show) : value];
  });
  return { values: Object.fromEntries(values) as Record<string, unknown>, files };
}

/** A row's result as the asset shows it. */
export function projectionOf(row: LedgerRow, manifest: Manifest, state: AssetState): Projection {
  const { assetId: id, enricher, fingerprint, finishedAt: at = 0, outputs = {} } = row;
  return { id, enricher, fingerprint, at, ...partsOf(outputs, manifest), state };
}
