import type { BlobStore } from '../../drivers/blobs/port.ts';
import { VitrailError } from '../contracts/errors.ts';
import type { ResumableUpload, UploadPart } from '../contracts/ingest.ts';
import { removeBytes } from './accept.ts';
import type { Resumable, Upload, Uploads } from './uploads.ts';

type Open = Upload & { resumable: Resumable };

export interface ResumableOptions {
  uploads: Uploads;
  blobs: BlobStore;
  /** Uploads that may be open at once. */
  maxOpen: number;
  /** How long an open one is kept after its last byte came, in ms. */
  expiryMs: number;
}

/** So many pieces of a file are one request each, and one record all together. */
const maxParts = 10_000;

const partAt = (offset: number): string => `p${offset}`;

/** Its parts, in the order of their bytes. */
export const partsOf = ({ parts }: Resumable): UploadPart[] =>
  Object.entries(parts)
    .sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)))
    .map(([, part]) => part);

/** @throws upload.not-found */
export async function resumableUpload(uploads: Uploads, id: string): Promise<Open> {
  const upload = await uploads.findById(id);
  if (!upload?.resumable)
    throw new VitrailError('upload.not-found', 'The upload has expired, was given up or never was; begin another one.');
  return upload as Open;
}

export function toResumableUpload(upload: Open, expiryMs: number): ResumableUpload {
  const { id, state, note, createdAt, changedAt, resumable, assetId, created, code } = upload;
  const { length, offset, metadata } = resumable;
  return {
    id,
    state: state as ResumableUpload['state'],
    filename: note.filename,
    bytes: length,
    offset,
    ...(metadata !== undefined && { metadata }),
    createdAt: new Date(createdAt).toISOString(),
    ...(state === 'open' && { expiresAt: new Date(changedAt + expiryMs).toISOString() }),
    ...(assetId !== undefined && { assetId }),
    ...(created !== undefined && { created }),
    ...(code !== undefined && { code }),
  };
}

/** @throws server.busy where as many are open as may be */
export async function openUpload(
  { uploads, maxOpen }: ResumableOptions,
  { id, note, length, metadata }: { id: string; note: Upload['note']; length: number; metadata: string | undefined },
): Promise<Open> {
  if ((await uploads.count({ query: { state: 'open' } })) >= maxOpen) {
    throw new VitrailError(
      'server.busy',
      `${maxOpen} uploads are unfinished (VITRAIL_OPEN_UPLOADS): finish some, or DELETE them, or come again.`,
    );
  }
  const now = Date.now();
  const resumable = { length, offset: 0, parts: {}, ...(metadata !== undefined && { metadata }) };
  return (await uploads.insert({ id, state: 'open', note, createdAt: now, changedAt: now, resumable })) as Open;
}

/**
 * Makes a part the upload's next bytes, where nobody has sent those meanwhile: of two clients that write at the same offset through
 * two edges one is told to look again, and its bytes are removed. The last part makes the upload `stored`.
 * @throws upload.offset, upload.gone, upload.finished, upload.too-many-parts
 */
export async function appendPart(
  { uploads, blobs }: ResumableOptions,
  id: string,
  offset: number,
  part: UploadPart,
): Promise<Open> {
  try {
    const { length, parts } = asOpen(await resumableUpload(uploads, id)).resumable;
    const end = offset + part.bytes;
    if (end > length)
      throw new VitrailError('upload.too-large', `The upload was opened for ${length} bytes.`, { maxBytes: length });
    if (Object.keys(parts).length >= maxParts) {
      throw new VitrailError('upload.too-many-parts', `A file may come in ${maxParts} pieces; begin again with larger ones.`, {
        maxParts,
      });
    }
    const whole = { state: 'stored', bytes: length, ...(offset === 0 && { tmp: part.tmp, sha256: part.sha256 }) };
    const changed = await uploads.updateMany(
      { id, state: 'open', 'resumable.offset': offset },
      {
        $set: {
          'resumable.offset': end,
          [`resumable.parts.${partAt(offset)}`]: part,
          changedAt: Date.now(),
          ...(end === length && whole),
        },
      },
    );
    const now = await resumableUpload(uploads, id);
    if (changed === 1) return now;
    throw wrongOffset(asOpen(now));
  } catch (error) {
    await blobs.remove(part.tmp);
    throw error;
  }
}

const wrongOffset = ({ resumable: { offset } }: Open): VitrailError =>
  new VitrailError('upload.offset', `The upload has ${offset} bytes; go on from there.`, { offset });

/** @throws upload.gone, upload.finished */
function asOpen(upload: Open): Open {
  if (upload.state === 'open') return upload;
  if (upload.state === 'refused') throw goneUpload(upload);
  throw new VitrailError('upload.finished', 'Nothing more can be sent; GET the upload for the asset that it became.');
}

export const goneUpload = ({ code }: Upload): VitrailError =>
  new VitrailError('upload.gone', 'The upload was refused or has expired, and its bytes are removed; begin another one.', {
    ...(code !== undefined && { reason: code }),
  });

/** Ends an open upload at its sender's wish, and forgets it. @throws upload.not-found, upload.finished, upload.gone */
export async function terminateUpload({ uploads, blobs }: ResumableOptions, id: string): Promise<void> {
  const upload = asOpen(await resumableUpload(uploads, id));
  if ((await uploads.removeMany({ id, state: 'open' })) === 0) asOpen(await resumableUpload(uploads, id));
  await removeBytes(blobs, upload);
}

const page = 200;

/** Ends open uploads to which nothing was added for too long. */
export async function expireUploads({ uploads, blobs, expiryMs }: ResumableOptions): Promise<number> {
  const before = Date.now() - expiryMs;
  const stale = await uploads.find({ query: { state: 'open', changedAt: { $lt: before } }, sort: ['changedAt'], limit: page });
  let expired = 0;
  for (const upload of stale) {
    // A part that has come since keeps it.
    const update = { $set: { state: 'refused', code: 'upload.gone', changedAt: Date.now() } };
    if ((await uploads.updateMany({ id: upload.id, state: 'open', changedAt: { $lt: before } }, update)) === 0) continue;
    await removeBytes(blobs, upload);
    expired += 1;
  }
  return expired;
}
