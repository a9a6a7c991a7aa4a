import { opendir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** A path that was named but cannot be read. */
export class UnreadablePath extends Error {
  override readonly name = 'UnreadablePath';
}

/**
 * All files below the paths named, folders in depth. Links to folders are not followed (they may lead round in circles), nor are
 * hidden files and folders taken, which hold thumbnails and settings of other programs.
 * @throws UnreadablePath for a path that was named and is not there.
 */
export async function* walk(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) {
    const info = await stat(path).catch(() => undefined);
    if (!info) throw new UnreadablePath(`${path} cannot be read: name a folder or a file that exists.`);
    if (info.isDirectory()) yield* walkFolder(resolve(path));
    else yield resolve(path);
  }
}

async function* walkFolder(folder: string): AsyncGenerator<string> {
  const entries = [];
  for await (const entry of await opendir(folder)) if (!entry.name.startsWith('.')) entries.push(entry);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walkFolder(path);
    else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) yield path;
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
