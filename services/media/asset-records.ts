import type { Collection, Records } from '../../drivers/records/port.ts';
import type { TagNames } from '../../mixins/tag-names.ts';
import type { Asset, AssetState, Subject, Variant } from '../contracts/asset.ts';
import type { AssetFile } from '../contracts/media.ts';
import { assetTags } from './asset-tags.ts';

/** A person's word on a tag: the asset has it, or has it not. Times are milliseconds since the epoch. */
export interface Said {
  name: string;
  at: number;
  removed?: true;
}

/** A tag that an enricher gives, 0–1 sure of it. */
export interface Label {
  name: string;
  confidence?: number;
}

/** An asset as it is kept. `deleting` and `deleted` (a tombstone, for those who keep a copy) are never shown. */
export interface AssetRecord {
  id: string;
  /** Absent from a tombstone, so that the same bytes may come again. */
  sha256?: string;
  filename: string;
  type: string;
  bytes: number;
  width: number;
  height: number;
  durationMs?: number;
  state: AssetState | 'deleting' | 'deleted';
  rev: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
  changedAt: number;
  /** The plan (hash of the catalog) whose work has been entered in the ledger; absent until then. */
  plan?: string;
  /** The original's bytes were looked for and not found. */
  missing?: boolean;
  title?: string;
  description?: string;
  /** A person's tags as records held them before there was `said`, which takes their place at the next word. */
  tags?: string[];
  /** The latest word on each tag, of which none is ever taken back by an enricher. */
  said?: Said[];
  /** The tags that each enricher gives, by its name; each result takes the place of the one before. */
  labels?: Record<string, Label[]>;
  rating?: number;
  enrichments: Record<string, Record<string, unknown>>;
  files: Record<string, AssetFile[]>;
  prints: Record<string, { fingerprint: string; at: number }>;
}
export type AssetRecords = Records<AssetRecord>;

export const assets: Collection = {
  name: 'assets',
  hot: { sha256: 'text', state: 'text', createdAt: 'number', changedAt: 'number', plan: 'text' },
  indexes: [['changedAt', 'id'], ['plan'], ['state']],
  unique: ['sha256'],
};

/** The states in which an asset is there for others. */
export const shown: readonly AssetState[] = ['processing', 'ready', 'degraded'];
export const isShown = (record: AssetRecord | null): record is AssetRecord =>
  record !== null && (shown as readonly string[]).includes(record.state);

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
export const toSubject = ({ id, sha256 = '', filename, type, bytes, width, height, durationMs }: AssetRecord): Subject => ({
  id,
  sha256,
  filename,
  type,
  bytes,
  width,
  height,
  ...(durationMs !== undefined && { durationMs }),
});
