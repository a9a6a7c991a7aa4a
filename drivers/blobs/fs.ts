import { access, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ulid } from 'ulid';
import { BlobError, type BlobInfo, type BlobStore, type Bytes, type WriteOptions } from './port.ts';
import { hasCode, ignore } from './errno.ts';
import { makeFolder, pruneFolders, syncFolder } from './fs/folders.ts';
import { anyPath, blobPath, folderPath, keyOf, partPath } from './fs/keys.ts';
import { fillFrom, readFile } from './fs/read.ts';
import { walk } from './fs/walk.ts';
import { writeFile, type Written } from './fs/write.ts';
import { checkReceived, tmpKey } from './keys.ts';
import { missing } from './refusals.ts';

/**
 * Blobs as files below `root`, which is made where it is missing: `<area>/<key>`, with a fan-out of 4096 folders where the key's
 * second part is a sha256. What is being written has the key `tmp/<ulid>.part`, which only `list`, `stat` and `remove`
 * answer to: left there by a crash, it is found and removed like any other file in `tmp/`. Failures of the disk (`ENOSPC`,
 * `EACCES`) come through as they are.
 */
export async function openFsBlobs({ root: given }: { root: string }): Promise<BlobStore> {
  const root = resolve(given);
  await makeFolder(join(root, 'tmp'));

  /** Only a whole file gets its name, by one rename. */
  async function write(path: string, source: Bytes, options: WriteOptions & { hash: boolean }): Promise<Written> {
    const part = partPath(root, ulid());
    const written = await writeFile(part, source, options);
    try {
      await place(part, path, options);
    } catch (error) {
      await rm(part, { force: true });
      if (hasCode(error, 'ENOENT'))
        throw new BlobError('blob.aborted', 'the file was removed while it was written: write it again', { cause: error });
      throw error;
    }
    return written;
  }

  const info = async (key: string, path: string): Promise<BlobInfo | null> => {
    try {
      const stats = await stat(path);
      return stats.isFile() ? { key, bytes: stats.size, modifiedAt: Math.floor(stats.mtimeMs) } : null;
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
      throw error;
    }
  };

  const areaOf = (path: string): string => join(root, path.slice(root.length + 1).split('/', 1)[0] ?? '');

  return {
    async receive(id, source, options = {}) {
      const key = tmpKey(id);
      const { bytes, sha256 } = await write(blobPath(root, key), source, { ...options, hash: true });
      return { tmp: key, sha256, bytes };
    },

    async commit(received, key) {
      checkReceived(received);
      const to = blobPath(root, key);
      try {
        await place(blobPath(root, received), to);
      } catch (error) {
        // Someone else has moved it: fine, where it has gone to the same place.
        if (!hasCode(error, 'ENOENT')) throw error;
        if (!(await info(key, to))) throw missing(received, error);
      }
    },

    async put(key, source, options = {}) {
      const path = blobPath(root, key);
      const { bytes, modifiedAt } = await write(path, source, { ...options, hash: false });
      return { key, bytes, modifiedAt };
    },

    stat: async (key) => info(key, anyPath(root, key)),

    read: async (key, range) => readFile(blobPath(root, key), key, range),

    fill: async (into, key) => fillFrom(blobPath(root, key), key, into),

    async local(key) {
      const path = blobPath(root, key);
      if (!(await info(key, path))) throw missing(key);
      return { path, release: async () => undefined };
    },

    async remove(key) {
      const path = anyPath(root, key);
      await unlinkIfThere(path);
      await pruneFolders(dirname(path), areaOf(path));
    },

    async removeAll(prefix) {
      const folder = folderPath(root, prefix);
      for await (const { path, kind } of walk(folder)) {
        if (kind === 'file') await unlinkIfThere(path);
        else await pruneFolders(path, dirname(path));
      }
      await pruneFolders(folder, areaOf(folder));
    },

    async *list(prefix) {
      for await (const { path, kind } of walk(folderPath(root, prefix))) {
        const key = kind === 'file' ? keyOf(root, path) : null;
        const found = key === null ? null : await info(key, path);
        if (found) yield found;
      }
    },

    close: async () => undefined,
  };
}

/** Each is lost only to a removal that empties the folder in the same instant. */
const placeAttempts = 100;

/** Gives a file its final name, durably. Its folder may be pruned by others between its making and the rename: then once more. */
async function place(from: string, to: string, { durable = true }: Pick<WriteOptions, 'durable'> = {}): Promise<void> {
  const folder = dirname(to);
  for (let attempt = 1; ; attempt++) {
    await makeFolder(folder).catch(refuseTaken);
    try {
      await rename(from, to);
      break;
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || attempt === placeAttempts) refuseTaken(error);
      if (!(await exists(from))) throw error;
    }
  }
  // Gone again already: removed by someone, and nothing is left to make durable.
  if (durable) await syncFolder(folder).catch(ignore('ENOENT'));
}

function refuseTaken(error: unknown): never {
  if (!hasCode(error, 'EISDIR', 'ENOTDIR', 'ENOTEMPTY')) throw error;
  throw new BlobError('blob.key-invalid', 'the key is a folder of other blobs, or lies below a blob: choose another', {
    cause: error,
  });
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const unlinkIfThere = (path: string): Promise<void> => unlink(path).catch(ignore('ENOENT', 'ENOTDIR', 'EISDIR'));
