import type { BlobStore } from '../../drivers/blobs/port.ts';
import { changeTime, shownAt, type Revs } from './writes.ts';
import type { AssetRecord, AssetRecords } from './asset-records.ts';

/** How long a tombstone tells those who keep a copy that the asset is gone. */
const tombstoneMs = 7 * 24 * 3600 * 1000;

const touch = (state: AssetRecord['state']) => ({ $set: { state, changedAt: changeTime() }, $inc: { rev: 1 } });

/** First step of a deletion, and the point of no return: from now on nobody is shown the asset. Answers false where it was not there. */
export async function beginRemoval(records: AssetRecords, id: string, revs?: Revs): Promise<boolean> {
  return (await records.updateMany(shownAt(id, revs), touch('deleting'))) > 0;
}

/** The rest of a deletion; safe to be run again after a crash at any step. `forget` drops the asset's ledger. */
export async function finishRemoval(
  records: AssetRecords,
  blobs: BlobStore,
  forget: (id: string) => Promise<void>,
  { id, sha256 }: Pick<AssetRecord, 'id' | 'sha256'>,
): Promise<void> {
  await forget(id);
  if (sha256 !== undefined) {
    for (const prefix of [`derived/${sha256}/`, `cache/${sha256}/`]) await blobs.removeAll(prefix);
    await blobs.remove(`originals/${sha256}`);
  }
  await records.updateById(id, {
    ...touch('deleted'),
    $unset: {
      sha256: true,
      enrichments: true,
      files: true,
      prints: true,
      title: true,
      description: true,
      tags: true,
      said: true,
      labels: true,
      filename: true,
      session: true,
      client: true,
    },
  });
}

/** Deletions that a crash cut short: those of the last minute may still be under way. */
export const deletionsLeft = (records: AssetRecords, now: number): Promise<AssetRecord[]> =>
  records.find({ query: { state: 'deleting', changedAt: { $lt: now - 60_000 } }, limit: 100 });

export const purgeTombstones = (records: AssetRecords, now: number): Promise<number> =>
  records.removeMany({ state: 'deleted', changedAt: { $lt: now - tombstoneMs } });
