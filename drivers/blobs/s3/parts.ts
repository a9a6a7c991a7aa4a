import { ulid } from 'ulid';
import { BlobError } from '../port.ts';
import { refusedAs } from './attempts.ts';
import type { Place } from './place.ts';

/** Of the S3 API. */
export const maxParts = 10_000;

/** The client gives metadata without their `x-amz-meta-`. */
const mark = 'vitrail-upload';

/** An object that is made in parts: it is not to be seen before `complete`, and never after `abandon`. */
export interface Parts {
  /** Sends or copies the part of a number, from 1; `part` gives its etag. */
  add(number: number, part: (uploadId: string) => Promise<string>): Promise<void>;
  complete(): Promise<void>;
  /** Leaves nothing behind, as far as the store can be reached. */
  abandon(): Promise<void>;
}

/**
 * Begins an upload in parts of its own. Not the client's `putObject` and `composeObject`: the first takes up whatever upload of the same
 * name it finds, leaves its own behind when it fails and waits forever for a source that fails; the second gives all parts of one
 * source the same number.
 */
export async function beginParts({ client, attempt, bucket }: Place, name: string): Promise<Parts> {
  const own = ulid();
  const id = await attempt(() => client.initiateNewMultipartUpload(bucket, name, { [`x-amz-meta-${mark}`]: own }));
  const etags: { part: number; etag: string }[] = [];

  /** Whether the object that is there now came from this upload. */
  const isDone = async (): Promise<boolean> => {
    const found = await attempt(() => client.statObject(bucket, name)).catch(() => undefined);
    return found?.metaData[mark] === own;
  };
  const gone = (error: unknown): never => {
    if (!refusedAs(error, 'NoSuchUpload')) throw error;
    throw new BlobError('blob.aborted', 'the upload was removed while it was under way: write it again', { cause: error });
  };

  return {
    async add(number, part) {
      if (number > maxParts) throw new BlobError('blob.too-large', `the store takes no more than ${maxParts} parts`);
      etags.push({ part: number, etag: await attempt(() => part(id)).catch(gone) });
    },
    async complete() {
      etags.sort((a, b) => a.part - b.part);
      await attempt(() => client.completeMultipartUpload(bucket, name, id, etags)).catch(async (error: unknown) => {
        // The answer to an attempt that did it may have been lost.
        if (!refusedAs(error, 'NoSuchUpload') || !(await isDone())) gone(error);
      });
    },
    async abandon() {
      await attempt(() => client.abortMultipartUpload(bucket, name, id)).catch(() => undefined);
    },
  };
}
