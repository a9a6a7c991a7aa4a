import { BlobRef } from '../../plugins/sdk/fields.ts';
import type { Manifest } from '../../plugins/sdk/manifest.ts';
import { type AssetState, type AssetFile } from '../contracts/asset.ts';
import type { Projection } from '../contracts/media.ts';
import type { LedgerRow } from './ledger.ts';

/** The tags among an enricher's outputs, as its manifest marks them. */
function tagsOf(outputs: Record<string, unknown>, manifest: Manifest): Projection['tags'] {
  return Object.entries(manifest.outputs).flatMap(([output, { tags }]) => {
    if (!tags) return [];
    const names = [outputs[output] ?? []].flat() as string[];
    const confidences = (tags.confidence === undefined ? [] : (outputs[tags.confidence] ?? [])) as number[];
    return names.map((name, i) => {
      const confidence = confidences[i];
      return { name, ...(confidence !== undefined && { confidence }) };
    });
  });
}

/** A row's outputs in the parts that an asset keeps: values for everybody, derived files whose keys stay inside, and tags. */
export function partsOf(outputs: Record<string, unknown>, manifest: Manifest): Pick<Projection, 'values' | 'files' | 'tags'> {
  const files: AssetFile[] = [];
  const show = (output: unknown, still?: boolean): unknown => {
    const { key, ...file } = BlobRef.parse(output);
    files.push({ key, ...file, ...(still === true && { still }) });
    return file;
  };
  const values = Object.entries(outputs).map(([name, value]) => {
    const field = manifest.outputs[name];
    if (field?.kind === 'blob') return [name, show(value, field.still)];
    return [name, field?.kind === 'blobs' ? (value as unknown[]).map((one) => show(one, field.still)) : value];
  });
  return { values: Object.fromEntries(values) as Record<string, unknown>, files, tags: tagsOf(outputs, manifest) };
}

/** A row's result as the asset shows it. */
export function projectionOf(row: LedgerRow, manifest: Manifest, state: AssetState): Projection {
  const { assetId: id, enricher, fingerprint, finishedAt: at = 0, outputs = {} } = row;
  return { id, enricher, fingerprint, at, ...partsOf(outputs, manifest), state };
}
