import { keeping } from './blobs/keeping.ts';
import { keys } from './blobs/keys.ts';
import { reading } from './blobs/reading.ts';
import { takingIn } from './blobs/taking-in.ts';
import type { BlobsCase, OpenBlobs } from './blobs/case.ts';

/** What every blob store promises, as data: test/conformance/blobs-broken.test.ts runs it against stores that must fail. */
export const blobsCases: BlobsCase[] = [...takingIn, ...reading, ...keeping, ...keys];

/** `open` gives an empty store for a place it has not seen, and the same store again for one it has. */
export function blobsConformance(name: string, open: OpenBlobs): void {
  describe(`blobs port: ${name}`, () => {
    for (const { title, run } of blobsCases) it(title, () => run(open));
  });
}
