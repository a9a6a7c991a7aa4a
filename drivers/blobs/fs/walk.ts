import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../errno.ts';

export interface Entry {
  path: string;
  kind: 'file' | 'folder';
}

/** Everything below a folder, each folder after what it holds. What vanishes meanwhile is left out; links are not followed. */
export async function* walk(folder: string): AsyncGenerator<Entry> {
  for await (const entry of entries(folder)) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield { path, kind: 'file' };
    if (!entry.isDirectory()) continue;
    yield* walk(path);
    yield { path, kind: 'folder' };
  }
}

async function* entries(folder: string): AsyncGenerator<Dirent> {
  try {
    yield* await opendir(folder);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
  }
}
