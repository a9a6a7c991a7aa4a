import { BlobError, type BlobStore } from '../../drivers/blobs/port.ts';
import { originOf } from '../contracts/asset.ts';
import { isVitrailError, VitrailError } from '../contracts/errors.ts';
import type { Accepted } from '../contracts/ingest.ts';
import type { NewAsset } from '../contracts/media.ts';
import { cleanFilename } from './filename.ts';
import { headBytes, probe, probeHead, type Probe } from './probe.ts';
import { moveUpload, type Upload, type Uploads } from './uploads.ts';

export interface AcceptOptions {
  uploads: Uploads;
  blobs: BlobStore;
  maxPixels: number;
  /** The asset with these bytes, if there is one. */
  known(sha256: string): Promise<Accepted['asset'] | null>;
  create(asset: NewAsset): Promise<Accepted>;
}

/** An upload whose bytes are in one place. */
export type Stored = Upload & Required<Pick<Upload, 'tmp' | 'sha256' | 'bytes'>>;

export const isStored = (upload: Upload): upload is Stored =>
  upload.tmp !== undefined && upload.sha256 !== undefined && upload.bytes !== undefined;

/**
 * Takes received bytes in: a look at what they are, once per sha256, then to their place. Safe to run again after a crash at
 * any step, and beside others who bring the same bytes: the record store lets one of them create the asset.
 * @throws a refusal, by its code; the bytes are gone then.
 */
export async function acceptUpload(
  upload: Stored,
  { uploads, blobs, maxPixels, known, create }: AcceptOptions,
): Promise<Accepted> {
  const { id, tmp, sha256, bytes, note } = upload;
  const close = (assetId: string, created: boolean) =>
    moveUpload(uploads, id, ['receiving', 'stored'], 'accepted', { assetId, created });

  const already = await known(sha256);
  if (already) {
    await removeBytes(blobs, upload);
    await close(already.id, false);
    return { asset: already, created: false };
  }
  try {
    if (bytes === 0) throw new VitrailError('upload.empty', 'The file has no bytes; choose another one.');
    const seen = await look(blobs, upload, maxPixels);
    await blobs.commit(tmp, `originals/${sha256}`);
    const edit = note.edit && { edit: note.edit };
    const accepted = await create({ sha256, filename: cleanFilename(note.filename), bytes, ...seen, ...originOf(note), ...edit });
    // The parts that they were joined of.
    if (upload.resumable) await removeBytes(blobs, upload);
    await close(accepted.asset.id, accepted.created);
    return accepted;
  } catch (error) {
    if (isVitrailError(error) && error.code < 500) await refuseUpload(upload, error.type, { uploads, blobs });
    throw error;
  }
}

async function look(blobs: BlobStore, { tmp, sha256, bytes }: Stored, maxPixels: number): Promise<Probe> {
  const head = Buffer.allocUnsafe(Math.min(bytes, headBytes));
  let key = tmp;
  await blobs.fill(head, key).catch((error: unknown) => {
    if (!(error instanceof BlobError) || error.code !== 'blob.missing') throw error;
    // After a crash between commit and record they lie in their place already.
    key = `originals/${sha256}`;
    return blobs.fill(head, key);
  });
  const seen = await probeHead(head, maxPixels);
  if (seen) return seen;
  const file = await blobs.local(key);
  try {
    return await probe(file.path, maxPixels);
  } finally {
    await file.release();
  }
}

/** Where bytes of an upload lie: all together, and as they came. */
const keysOf = ({ id, tmp = `tmp/${id}`, resumable }: Pick<Upload, 'id' | 'tmp' | 'resumable'>): string[] => [
  ...new Set([tmp, ...Object.values(resumable?.parts ?? {}).map((part) => part.tmp)]),
];

export async function removeBytes(blobs: BlobStore, upload: Pick<Upload, 'id' | 'tmp' | 'resumable'>): Promise<void> {
  for (const key of keysOf(upload)) await blobs.remove(key);
}

/** Ends an upload without an asset and removes its bytes. */
export async function refuseUpload(
  upload: Pick<Upload, 'id' | 'tmp' | 'resumable'>,
  code: string,
  { uploads, blobs }: Pick<AcceptOptions, 'uploads' | 'blobs'>,
): Promise<void> {
  await moveUpload(uploads, upload.id, ['open', 'receiving', 'stored'], 'refused', { code });
  await removeBytes(blobs, upload);
}
