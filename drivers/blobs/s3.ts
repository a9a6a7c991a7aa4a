import { checkReceived, segmentsOf, segmentsOfPrefix, segmentsOfWhole, tmpKey } from './keys.ts';
import type { BlobInfo, BlobStore } from './port.ts';
import { missing } from './refusals.ts';
import { addressOf } from './s3/address.ts';
import { isMissing, unavailable } from './s3/attempts.ts';
import { ensureBucket, ensureExpiry } from './s3/bucket.ts';
import { copy } from './s3/copy.ts';
import { localFiles } from './s3/local-files.ts';
import { type Place, placeOf, type S3Options } from './s3/place.ts';
import { fillFrom, readObject } from './s3/read.ts';
import { upload } from './s3/upload.ts';

/** The most that the S3 API lists, and removes, by one request. */
const page = 1000;

/**
 * Blobs as objects of an S3 store, under their keys below `prefix`. Any number of nodes may have the same bucket open; it is made, with
 * the rule that expires `tmp/`, where there is none. Nothing is relied on but the S3 API.
 * @throws TypeError for an endpoint that is none; `blob.unavailable` where the store is away or refuses the credentials
 */
export async function openS3Blobs(options: S3Options): Promise<BlobStore> {
  const place = placeOf(options);
  try {
    await ensureBucket(place);
    await ensureExpiry(place);
  } catch (error) {
    place.close();
    throw error;
  }
  return blobsAt(place, options);
}

/** Blobs in a bucket that another process has opened: the store is asked for nothing until a blob is. */
export const joinS3Blobs = (options: S3Options): BlobStore => blobsAt(placeOf(options), options);

function blobsAt(place: Place, { cacheDir }: Pick<S3Options, 'cacheDir'>): BlobStore {
  const { client, bucket, prefix, nameOf, attempt } = place;
  const locals = localFiles((key) => readObject(place, key, undefined), cacheDir);

  async function info(key: string): Promise<BlobInfo | null> {
    try {
      const { size, lastModified } = await attempt(() => client.statObject(bucket, nameOf(key)));
      return { key, bytes: size, modifiedAt: lastModified.getTime() };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** Each page is asked for by the last key of the one before, not by the store's token: a walk may rest for hours. */
  async function* pages(below: string): AsyncGenerator<BlobInfo[]> {
    for (let after = ''; ;) {
      const { objects, isTruncated } = await attempt(() => client.listObjectsV2Query(bucket, below, '', '', page, after));
      const found = objects.flatMap(({ name, size, lastModified }) =>
        name === undefined
          ? []
          : [{ key: name.slice(prefix.length), bytes: size ?? 0, modifiedAt: lastModified?.getTime() ?? 0 }],
      );
      yield found;
      const last = found.at(-1);
      if (!isTruncated || !last) return;
      after = nameOf(last.key);
    }
  }

  return {
    async receive(id, source, writing = {}) {
      const tmp = tmpKey(id);
      const { bytes, sha256 } = await upload(place, nameOf(tmp), source, { ...writing, hash: true });
      return { tmp, sha256, bytes };
    },

    async commit(received, key) {
      checkReceived(received);
      segmentsOfWhole(key);
      try {
        await copy(place, nameOf(received), nameOf(key));
      } catch (error) {
        // Someone else has moved it: fine, where it has gone to the same place.
        if (!isMissing(error)) throw error;
        if (!(await info(key))) throw missing(received, error);
      }
      await attempt(() => client.removeObject(bucket, nameOf(received)));
    },

    async put(key, source, writing = {}) {
      segmentsOfWhole(key);
      const { bytes } = await upload(place, nameOf(key), source, { ...writing, hash: false });
      return { key, bytes, modifiedAt: Date.now() };
    },

    async stat(key) {
      segmentsOf(key);
      return info(key);
    },

    async read(key, range) {
      segmentsOfWhole(key);
      return readObject(place, key, range);
    },

    async fill(into, key) {
      segmentsOfWhole(key);
      await fillFrom(place, key, into);
    },

    async local(key) {
      segmentsOfWhole(key);
      return locals.open(key);
    },

    async remove(key) {
      segmentsOf(key);
      await attempt(() => client.removeObject(bucket, nameOf(key)));
    },

    async removeAll(below) {
      segmentsOfPrefix(below);
      for await (const found of pages(nameOf(below))) {
        if (found.length === 0) continue;
        const failed = await attempt(() =>
          client.removeObjects(
            bucket,
            found.map(({ key }) => nameOf(key)),
          ),
        );
        if (failed.some(Boolean))
          throw unavailable(place.endpoint, `${failed.length} of ${found.length} objects were not removed`);
      }
    },

    async *list(below) {
      segmentsOfPrefix(below);
      for await (const found of pages(nameOf(below))) yield* found;
    },

    async address(key, wanted = {}) {
      segmentsOfWhole(key);
      return addressOf(place, key, wanted);
    },

    async close() {
      await locals.close();
      place.close();
    },
  };
}
