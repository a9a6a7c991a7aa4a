import type { TagNames } from '../../mixins/tag-names.ts';
import { originOf, type Asset, type AssetState, type Subject, type Variant } from '../contracts/asset.ts';
import type { AssetRecord } from './asset-records.ts';
import { assetTags } from './asset-tags.ts';

/** Short form of a fingerprint for a URL: new results get a new address, so that every address may be cached for good. */
export const addressOf = (fingerprint: string): string => fingerprint.slice(0, 12);

/** A stored picture: its key, and its size in pixels, upright. */
export interface Picture {
  key: string;
  type: string;
  width: number;
  height: number;
}

/** The derived files of an asset under the names they are served by. */
export function variantsOf(record: AssetRecord): (Variant & { key: string; print: string })[] {
  const taken = new Set<string>();
  return Object.keys(record.files)
    .sort()
    .flatMap((enricher) => {
      const print = addressOf(record.prints[enricher]?.fingerprint ?? '');
      return (record.files[enricher] ?? []).map(({ name, ...file }) => {
        const served = taken.has(name) ? `${enricher}-${name}` : name;
        taken.add(served);
        return { ...file, name: served, url: `/media/${record.id}/${served}?v=${print}`, print };
      });
    });
}

/** The picture to make sizes of an asset from: itself, or the one that stands for it. Undefined where there is none yet. */
export function pictureOf({ sha256 = '', type, width, height, files }: AssetRecord): Picture | undefined {
  if (type.startsWith('image/')) return { key: `originals/${sha256}`, type, width, height };
  const [still] = Object.values(files)
    .flat()
    .filter((file) => file.still === true)
    .sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
  return still && { key: still.key, type: still.type, width: still.width ?? width, height: still.height ?? height };
}

/** The asset as clients see it: nothing internal. */
export function toAsset(record: AssetRecord, names: TagNames): Asset {
  const { id, filename, type, bytes, width, height, durationMs, rev, title, description, rating, enrichments } = record;
  return {
    id,
    sha256: record.sha256 ?? '',
    filename,
    type,
    bytes,
    width,
    height,
    ...(durationMs !== undefined && { durationMs }),
    state: record.state as AssetState,
    rev,
    createdAt: new Date(record.createdAt).toISOString(),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    tags: assetTags(record, names).map(({ name }) => name),
    ...(rating !== undefined && { rating }),
    enrichments,
    variants: variantsOf(record).map(({ key: _key, print: _print, ...variant }) => variant),
  };
}

/** What the ledger needs to know of an asset. */
export const toSubject = ({
  id,
  sha256 = '',
  filename,
  type,
  bytes,
  width,
  height,
  durationMs,
  ...record
}: AssetRecord): Subject => ({
  ...originOf(record),
  id,
  sha256,
  filename,
  type,
  bytes,
  width,
  height,
  ...(durationMs !== undefined && { durationMs }),
});
