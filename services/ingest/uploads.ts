import { ulid } from 'ulid';
import type { z } from 'zod';
import type { Collection, Records } from '../../drivers/records/port.ts';
import type { UploadNote } from '../contracts/ingest.ts';

/** An upload's way: `receiving` (bytes flow), `stored` (bytes are whole in tmp/), then `accepted` or `refused`. */
export type UploadState = 'receiving' | 'stored' | 'accepted' | 'refused';

export interface Upload {
  /** Also the name of its bytes: `tmp/<id>`. */
  id: string;
  state: UploadState;
  note: z.output<typeof UploadNote>;
  /** The broker instance that receives it. */
  runner: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  changedAt: number;
  tmp?: string;
  sha256?: string;
  bytes?: number;
  assetId?: string;
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
