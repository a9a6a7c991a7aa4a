import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ulid } from 'ulid';
import { hasCode } from '../errno.ts';
import type { LocalFile } from '../port.ts';

/** Blobs as files of this process for as long as someone uses them. */
export interface LocalFiles {
  /** Those who want the same key at the same time share a file. */
  open(key: string): Promise<LocalFile>;
  close(): Promise<void>;
}

interface Shared {
  path: string;
  users: number;
  filled: Promise<void>;
}

const folderName = 'vitrail-blobs';
/** Folders of this process: others of its number are of one that had it before. */
const inUse = new Set<string>();

/** `read` gives the bytes of a key. Each process has a folder of its own in `cacheDir`; what killed ones of this host left there is removed. */
export function localFiles(read: (key: string) => Promise<Readable>, cacheDir = tmpdir()): LocalFiles {
  const shared = new Map<string, Shared>();
  let folder: Promise<string> | undefined;

  async function fill(path: string, key: string): Promise<void> {
    const bytes = await read(key);
    try {
      // Cleaners of temporary files may have taken the folder.
      await mkdir(dirname(path), { recursive: true });
      await pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    } catch (error) {
      bytes.destroy();
      await rm(path, { force: true });
      throw error;
    }
  }

  function share(key: string, path: string): Shared {
    const file = { path, users: 0, filled: fill(path, key) };
    shared.set(key, file);
    return file;
  }

  async function leave(key: string, file: Shared): Promise<void> {
    file.users -= 1;
    if (file.users > 0) return;
    if (shared.get(key) === file) shared.delete(key);
    await rm(file.path, { force: true });
  }

  return {
    async open(key) {
      const name = join(await (folder ??= makeFolder(cacheDir)), ulid());
      const file = shared.get(key) ?? share(key, name);
      file.users += 1;
      try {
        await file.filled;
      } catch (error) {
        await leave(key, file);
        throw error;
      }
      let released: Promise<void> | undefined;
      return { path: file.path, release: () => (released ??= leave(key, file)) };
    },
    async close() {
      const path = await folder;
      if (path === undefined) return;
      inUse.delete(path);
      await rm(path, { recursive: true, force: true });
    },
  };
}

async function makeFolder(cacheDir: string): Promise<string> {
  await mkdir(cacheDir, { recursive: true });
  await removeAbandoned(cacheDir);
  const path = await mkdtemp(join(cacheDir, `${prefixOf(process.pid)}-`));
  inUse.add(path);
  return path;
}

/** Containers count their processes alike, but have names of their own. */
const prefixOf = (pid: number | string): string => `${folderName}-${hostname()}-${pid}`;

async function removeAbandoned(cacheDir: string): Promise<void> {
  const start = prefixOf('');
  for (const name of await readdir(cacheDir)) {
    const path = join(cacheDir, name);
    const pid = name.startsWith(start) ? Number.parseInt(name.slice(start.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || inUse.has(path) || (pid !== process.pid && isAlive(pid))) continue;
    await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}
