import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Prefixes of the blobs that a backup holds: the rest can be made again, or is of uploads under way. */
export const keptPrefixes = ['originals', 'derived'] as const;

const isSha256 = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);
const isGone = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** The files of a folder in depth, as paths seen from it; none where it is not there. */
export async function* filesBelow(root: string, folder: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (isGone(error)) return [];
    throw error;
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(root, path);
    else if (entry.isFile()) yield path;
  }
}

/** The sha256 that a file of the originals has by its name. */
export const sha256Of = (path: string): string | undefined => {
  const name = basename(path);
  return path.startsWith('originals') && isSha256(name) ? name : undefined;
};

/** Waits for the disk: a name and its bytes outlive a power cut. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * The file once more: the same bytes under a second name where both lie on one drive (blobs are never changed in place), else a
 * copy. Answers its bytes; null where it was removed meanwhile.
 */
export async function keep(from: string, to: string, { linked }: { linked: boolean }): Promise<number | null> {
  await mkdir(dirname(to), { recursive: true });
  const part = `${to}.part`;
  try {
    const done =
      linked &&
      (await link(from, part).then(
        () => true,
        (error: unknown) => (isGone(error) ? Promise.reject(error as Error) : false),
      ));
    if (!done) {
      await copyFile(from, part, constants.COPYFILE_FICLONE);
      await sync(part);
    }
    await rename(part, to);
    return (await stat(to)).size;
  } catch (error) {
    await rm(part, { force: true });
    if (isGone(error)) return null;
    throw error;
  }
}

/** A copy, whose bytes are looked at on the way. Answers its size, and whether an original has the sha256 of its name. */
export async function copyChecked(from: string, to: string, path: string): Promise<{ bytes: number; sound: boolean }> {
  await mkdir(dirname(to), { recursive: true });
  const hash = createHash('sha256');
  let bytes = 0;
  const source = createReadStream(from, { highWaterMark: 1 << 20 });
  source.on('data', (chunk) => {
    hash.update(chunk);
    bytes += chunk.length;
  });
  await pipeline(source, createWriteStream(to, { flush: true }));
  const wanted = sha256Of(path);
  return { bytes, sound: wanted === undefined || hash.digest('hex') === wanted };
}
