import type { BlobStore } from '../../drivers/blobs/port.ts';
import type { Located } from '../contracts/media.ts';

/** As long as somebody may watch a video: players ask the same address for the next part. In seconds. */
const holdsSeconds = 4 * 3600;
/** As long as a redirect may be used again: what begins then has hours left. In seconds. */
export const redirectSeconds = 600;

/** An address past this node for a file, where it is to be had by one. */
export type Elsewhere = (located: Located) => Promise<string> | undefined;

/**
 * Originals of more than `overBytes`, at the store itself. What is made of them stays here: it is small, or may be made anew under
 * the same name. The store sends them under its own name, so they are no pages of ours.
 */
export function elsewhere(blobs: Pick<BlobStore, 'address'>, overBytes: number): Elsewhere {
  return ({ key, bytes, type, filename }) =>
    bytes > overBytes && key.startsWith('originals/')
      ? blobs.address?.(key, { expiresSeconds: holdsSeconds, contentType: type, fileName: filename })
      : undefined;
}
