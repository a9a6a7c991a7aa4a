import { ulid } from 'ulid';
import type { z } from 'zod';
import type { Collection, Records } from '../../drivers/records/port.ts';
import type { UploadNote, UploadPart } from '../contracts/ingest.ts';

/**
 * An upload's way: `receiving` (bytes flow) or, where it can be resumed, `open` (they come in parts); `stored` (all of them are in
 * tmp/), then `accepted` or `refused`.
 */
export type UploadState = 'open' | 'receiving' | 'stored' | 'accepted' | 'refused';

/** What came of an upload that can be resumed. */
export interface Resumable {
  /** Bytes that it is to have, at least one. */
  length: number;
  /** Bytes that it has. */
  offset: number;
  /** By where each begins (`p0`, `p67108864`): the bytes of one request or less, without gaps. */
  parts: Record<string, UploadPart>;
  /** Upload-Metadata as the client sent it, to be told back. */
  metadata?: string;
}

export interface Upload {
  /** Also the name of its bytes: `tmp/<id>`. */
  id: string;
  state: UploadState;
  note: z.output<typeof UploadNote>;
  /** The broker instance that receives it; none, where any may. */
  runner?: string;
  resumable?: Resumable;
  /** Milliseconds since the epoch. */
  createdAt: number;
  changedAt: number;
  tmp?: string;
  sha256?: string;
  bytes?: number;
  assetId?: string;
  /** Whether the asset came with it. */
  created?: boolean;
  /** Error code of a refusal. */
  code?: string;
}
export type Uploads = Records<Upload>;

export const uploads: Collection = {
  name: 'uploads',
  hot: { state: 'text', changedAt: 'number' },
  indexes: [['state', 'changedAt']],
};

export async function beginUpload(records: Uploads, note: Upload['note'], runner: string): Promise<string> {
  const now = Date.now();
  const { id } = await records.insert({ id: ulid(now), state: 'receiving', note, runner, createdAt: now, changedAt: now });
  return id;
}

/** Moves an upload on from the states named; answers it where it was in one of them. */
export async function moveUpload(
  records: Uploads,
  id: string,
  from: readonly UploadState[],
  to: UploadState,
  facts: Partial<Upload> = {},
): Promise<Upload | null> {
  const update = { $set: { ...facts, state: to, changedAt: Date.now() } };
  return records.updateOne({ id, state: { $in: from } }, update);
}
