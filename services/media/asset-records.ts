import type { Collection, Records } from '../../drivers/records/port.ts';
import type { AssetFile, AssetState } from '../contracts/asset.ts';

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
  /** With what it came first: labels of clients, for the rooms of events. */
  session?: string;
  client?: string;
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
