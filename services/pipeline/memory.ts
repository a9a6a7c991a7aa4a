import { isDeepStrictEqual } from 'node:util';
import { type Collection, type Records, RecordsError } from '../../drivers/records/port.ts';
import { Manifest } from '../../plugins/sdk/manifest.ts';

/** The manifest that is in force of an enricher; `id` is its name, and `rev` rises with every change. */
export interface ManifestRow {
  id: string;
  rev: number;
  manifest: Manifest;
}

export const manifestsInForce: Collection = { name: 'manifests', hot: { rev: 'number' } };

/** Enrichers that a mesh can have, at most. */
const most = 1000;

export const recall = (records: Records<ManifestRow>): Promise<ManifestRow[]> => records.find({ sort: ['id'], limit: most });

/** Those of a form that this version of Vitrail knows. */
export const manifestsOf = (rows: readonly ManifestRow[]): Manifest[] =>
  rows.flatMap(({ manifest }) => {
    const { success, data } = Manifest.safeParse(manifest);
    return success ? [data] : [];
  });

/** Whether it was entered; not where another node has entered one meanwhile. */
async function entered(records: Records<ManifestRow>, row: ManifestRow): Promise<boolean> {
  try {
    await records.insert(row);
    return true;
  } catch (error) {
    if (error instanceof RecordsError && error.code === 'records.duplicate') return false;
    throw error;
  }
}

/**
 * Writes down what is in force, judged by what was `recalled`; answers whether all of it is as given now. What another node has written
 * meanwhile stays: it may know of a newer one, so recall and judge again.
 */
export async function keep(
  records: Records<ManifestRow>,
  recalled: readonly ManifestRow[],
  manifests: readonly Manifest[],
): Promise<boolean> {
  const known = new Map(recalled.map((row) => [row.id, row]));
  let all = true;
  for (const manifest of manifests) {
    const { name: id } = manifest;
    const before = known.get(id);
    if (isDeepStrictEqual(before?.manifest, manifest)) continue;
    const done = before
      ? (await records.updateMany({ id, rev: before.rev }, { $set: { manifest, rev: before.rev + 1 } })) === 1
      : await entered(records, { id, rev: 1, manifest });
    all &&= done;
  }
  return all;
}
