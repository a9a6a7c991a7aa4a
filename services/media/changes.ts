import type { TagNames } from '../../mixins/tag-names.ts';
import type { Asset } from '../contracts/asset.ts';
import { isShown, type AssetRecords } from './asset-records.ts';
import { toAsset } from './asset-view.ts';

export interface Changes {
  assets: Asset[];
  deleted: { id: string; rev: number }[];
  mark: string | null;
  more: boolean;
}

const Mark = /^(\d{1,15}):([0-9A-Z]{26})$/;

/** Assets in the order of their last change, after a mark of an earlier answer; what is no mark starts from the beginning. */
export async function changesSince(
  records: AssetRecords,
  names: TagNames,
  { since, limit }: { since: string | null; limit: number },
): Promise<Changes> {
  const [, at, id = ''] = Mark.exec(since ?? '') ?? [];
  // The first condition is implied by the others; it lets every driver walk the index instead of the table.
  const query =
    at === undefined ? {} : { changedAt: { $gte: Number(at) }, $or: [{ changedAt: { $gt: Number(at) } }, { id: { $gt: id } }] };
  const page = await records.find({ query, sort: ['changedAt', 'id'], limit: limit + 1 });
  const seen = page.slice(0, limit);
  const last = seen.at(-1);
  return {
    assets: seen.filter(isShown).map((record) => toAsset(record, names)),
    deleted: seen.flatMap(({ state, id, rev }) => (state === 'deleting' || state === 'deleted' ? [{ id, rev }] : [])),
    mark: last ? `${last.changedAt}:${last.id}` : since,
    more: page.length > limit,
  };
}
