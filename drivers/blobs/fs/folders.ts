import { mkdir, open, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode, ignore } from '../errno.ts';

/** Makes the names in a folder outlive a power cut: a file's own fsync does not cover its name. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const underWay = new Map<string, Promise<void>>();

/** Makes a folder and those above it, durably. Whoever finds it being made waits too, or its file might be durable before its folder. */
export function makeFolder(folder: string): Promise<void> {
  const running = underWay.get(folder);
  if (running) return running;
  const making = make(folder).finally(() => underWay.delete(folder));
  underWay.set(folder, making);
  return making;
}

async function make(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    if (!hasCode(error, 'ENOENT')) throw error;
    await makeFolder(dirname(folder));
    return make(folder);
  }
  // Pruned again already: whoever needs the folder makes it again.
  await syncFolder(dirname(folder)).catch(ignore('ENOENT'));
}

/** Removes a folder and those above it for as long as they are empty, never `top`. */
export async function pruneFolders(folder: string, top: string): Promise<void> {
  for (let here = folder; here.startsWith(`${top}/`); here = dirname(here)) {
    try {
      await rmdir(here);
    } catch (error) {
      if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return;
      if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
    }
  }
}
