import type { BlobInfo, BlobStore } from '../../drivers/blobs/port.ts';
import { shown, type AssetRecord, type AssetRecords } from './asset-records.ts';

/** Keeps on-demand renditions below a size: the oldest go first. Answers how many went. */
export async function trimCache(blobs: BlobStore, maxBytes: number): Promise<number> {
  const kept: BlobInfo[] = [];
  let bytes = 0;
  for await (const info of blobs.list('cache/')) {
    kept.push(info);
    bytes += info.bytes;
  }
  if (bytes <= maxBytes) return 0;
  kept.sort((a, b) => a.modifiedAt - b.modifiedAt);
  let trimmed = 0;
  for (const info of kept) {
    if (bytes <= maxBytes * 0.9) break;
    await blobs.remove(info.key);
    bytes -= info.bytes;
    trimmed += 1;
  }
  return trimmed;
}

/** Walks all assets, a few at every call, and looks whether their bytes are still there. */
export function missingBytesPatrol(records: AssetRecords, blobs: BlobStore, each = 500): () => Promise<AssetRecord[]> {
  let after = '';
  return async () => {
    const page = await records.find({ query: { id: { $gt: after }, state: { $in: shown } }, sort: ['id'], limit: each });
    after = page.length < each ? '' : (page.at(-1)?.id ?? '');
    const missing: AssetRecord[] = [];
    for (const record of page) {
      const there = (await blobs.stat(`originals/${record.sha256 ?? ''}`)) !== null;
      if (!there !== (record.missing ?? false)) {
        await records.updateById(record.id, there ? { $unset: { missing: true } } : { $set: { missing: true } });
      }
      if (!there) missing.push(record);
    }
    return missing;
  };
}

/** Which of these blob keys belong to an asset: originals by their sha256, derived files by the asset that names them. */
export async function claimedKeys(records: AssetRecords, keys: readonly string[]): Promise<string[]> {
  const claimed: string[] = [];
  const owners = new Map<string, AssetRecord | null>();
  for (const key of keys) {
    const [room, sha256 = ''] = key.split('/');
    if (!owners.has(sha256)) owners.set(sha256, await records.findOne({ sha256 }));
    const owner = owners.get(sha256);
    if (!owner) continue;
    const named = room === 'originals' || Object.values(owner.files).some((files) => files.some((file) => file.key === key));
    if (named) claimed.push(key);
  }
  return claimed;
}
