import { isDeepStrictEqual } from 'node:util';
import type { Collection, Records } from '../../drivers/records/port.ts';
import { Manifest } from '../../plugins/sdk/manifest.ts';

/** The manifest that is in force of an enricher; `id` is its name. */
export interface ManifestRow {
  id: string;
  manifest: Manifest;
}

export const manifestsInForce: Collection = { name: 'manifests', hot: {} };

/** Enrichers that a mesh can have, at most. */
const most = 1000;

export async function recall(records: Records<ManifestRow>): Promise<Manifest[]> {
  const rows = await records.find({ sort: ['id'], limit: most });
  return rows.flatMap(({ manifest }) => {
    const { success, data } = Manifest.safeParse(manifest);
    return success ? [data] : [];
  });
}

/** Writes down what is in force now; answers whether that is news. Safe to do on several nodes at once: all write the same. */
export async function keep(records: Records<ManifestRow>, manifests: readonly Manifest[]): Promise<boolean> {
  const known = new Map((await recall(records)).map((manifest) => [manifest.name, manifest]));
  let news = false;
  for (const manifest of manifests) {
    const { name: id } = manifest;
    if (isDeepStrictEqual(known.get(id), manifest)) continue;
    news = true;
    if (await records.updateById(id, { $set: { manifest } })) continue;
    // Who enters it at the same time has entered the same.
    await records.insert({ id, manifest }).catch(() => records.updateById(id, { $set: { manifest } }));
  }
  return news;
}
