import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../command.ts';

/** Folders within the data folder, while it is restored: the copy that is checked, and what was there before. */
export const aside = 'restoring';
export const replaced = 'replaced';

/** The lock's own files; they stay, with who holds it. */
export const isLock = (name: string): boolean => name.startsWith('lock.sqlite');

/**
 * Puts what was copied aside in the place of what is there, by renames: nothing is deleted before all is in place.
 * @throws Refusal where a rename fails: both are kept
 */
export async function takePlace(data: string): Promise<void> {
  const [fresh, old] = [join(data, aside), join(data, replaced)];
  try {
    await mkdir(old);
    for (const name of await readdir(data))
      if (!isLock(name) && name !== aside && name !== replaced) await rename(join(data, name), join(old, name));
    for (const name of await readdir(fresh)) await rename(join(fresh, name), join(data, name));
  } catch (error) {
    throw new Refusal(
      `The backup could not take its place (${(error as Error).message}). Nothing is lost: what was there is in ${old}, the checked copy in ${fresh}, but for what is in ${data} itself. Move one of the two there.`,
      { cause: error },
    );
  }
  await rm(fresh, { recursive: true });
  await rm(old, { recursive: true });
}
