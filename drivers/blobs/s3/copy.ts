import pLimit from 'p-limit';
import { beginParts, maxParts } from './parts.ts';
import type { Place } from './place.ts';
import { Passing } from './transport.ts';

/** The S3 API copies up to 5 GiB by one request; in pieces a copy cannot be taken for a server that stands still. */
const pieceBytes = 64 * 1024 * 1024;
const atOnce = 4;

/** Copies an object within the store: whole at once, or not at all. */
export async function copy(place: Place, from: string, to: string): Promise<void> {
  const { client, bucket, attempt } = place;
  const source = `/${bucket}/${from}`;
  const { size, etag } = await attempt(() => client.statObject(bucket, from));
  if (size <= pieceBytes) {
    await attempt(() => client.copyObject(bucket, to, source));
    return;
  }
  const parts = await beginParts(place, to);
  const piece = Math.max(pieceBytes, Math.ceil(size / maxParts));
  const limit = pLimit(atOnce);
  const copyPiece = async (uploadID: string, partNumber: number): Promise<string> => {
    const start = (partNumber - 1) * piece;
    const headers = {
      'x-amz-copy-source': source,
      'x-amz-copy-source-range': `bytes=${start}-${Math.min(start + piece, size) - 1}`,
      'x-amz-copy-source-if-match': etag,
    };
    return client.uploadPart({ bucketName: bucket, objectName: to, uploadID, partNumber, headers }).then(
      (part) => part.etag,
      (error: unknown) => {
        // The client trips over "200 OK" with an error in its body.
        throw error instanceof TypeError ? new Passing('did not confirm a copy') : error;
      },
    );
  };
  try {
    const numbers = Array.from({ length: Math.ceil(size / piece) }, (_, n) => n + 1);
    const copied = await Promise.allSettled(
      numbers.map((number) => limit(() => parts.add(number, (uploadId) => copyPiece(uploadId, number)))),
    );
    const failed = copied.find((part) => part.status === 'rejected');
    if (failed) throw failed.reason;
    await parts.complete();
  } catch (error) {
    await parts.abandon();
    throw error;
  }
}
