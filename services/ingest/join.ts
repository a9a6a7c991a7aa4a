import { BlobError, type BlobStore } from '../../drivers/blobs/port.ts';
import { isStored, type Stored } from './accept.ts';
import { partsOf } from './resumable.ts';
import { moveUpload, type Resumable, type Upload, type Uploads } from './uploads.ts';

/** How often a long copy shows that it lives, so that no other node begins it, too; in ms. */
const heartbeatMs = 5000;

/**
 * The bytes of an upload in one place, hashed. What came in one piece is that already; several are copied one after the other to
 * `tmp/<id>`. They stay until the upload has been accepted or refused, so the copy may be made again after a crash.
 * @throws blob.missing where bytes are gone
 */
export async function joinParts(upload: Upload, { uploads, blobs }: { uploads: Uploads; blobs: BlobStore }): Promise<Stored> {
  if (isStored(upload)) return upload;
  const { id, resumable } = upload;
  const heart = setInterval(() => void moveUpload(uploads, id, ['stored'], 'stored').catch(() => undefined), heartbeatMs);
  try {
    const received = await blobs.receive(id, bytesOf(resumable, blobs));
    await moveUpload(uploads, id, ['stored'], 'stored', received);
    return { ...upload, ...received };
  } catch (error) {
    // What went wrong is what the reading says.
    throw error instanceof BlobError && error.cause instanceof BlobError ? error.cause : error;
  } finally {
    clearInterval(heart);
  }
}

async function* bytesOf(resumable: Resumable | undefined, blobs: BlobStore): AsyncGenerator<Uint8Array> {
  for (const { tmp } of resumable ? partsOf(resumable) : []) {
    for await (const chunk of await blobs.read(tmp)) yield chunk as Buffer;
  }
}
