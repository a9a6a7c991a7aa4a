import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { appendFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import type { Asset } from '../../services/contracts/asset.ts';
import type { FilesDisplay } from '../progress.ts';
import type { Library } from './library.ts';
import { uniqueNames } from './names.ts';

export const sidecar = 'assets.jsonl';
/** Within the destination, while it is written: what is not whole yet. No original has a name that is hidden. */
const partsFolder = '.parts';
/** Files written at once. */
const atOnce = 4;

export interface Exported {
  files: number;
  bytes: number;
  /** Originals that could not be had whole, and why. */
  failed: { id: string; file: string; reason: string }[];
  /** Assets that there are, but that were not listed: a server lists those that its index has. */
  unlisted: number;
}

/** Writes an original, and gives it its name when its bytes are those that were taken in. */
async function writeOriginal(library: Library, asset: Asset, to: string, signal: AbortSignal): Promise<void> {
  const part = join(dirname(to), partsFolder, basename(to));
  const hash = createHash('sha256');
  try {
    const source = await library.original(asset);
    source.on('data', (chunk: Buffer) => hash.update(chunk));
    await pipeline(source, createWriteStream(part), { signal });
    if (hash.digest('hex') !== asset.sha256) throw new Error('its bytes are not those that were taken in');
    await rename(part, to);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Originals under their names, and a line of JSON for each: the asset as `GET /api/assets/:id` gives it, and its `file`. */
async function writeListed(library: Library, folder: string, display: FilesDisplay, signal: AbortSignal): Promise<Exported> {
  const exported: Exported = { files: 0, bytes: 0, failed: [], unlisted: 0 };
  const nameOf = uniqueNames([sidecar]);
  const seen = new Set<string>();
  const limit = pLimit(atOnce);
  for await (const page of library.assets()) {
    const assets = page.filter(({ id }) => !seen.has(id));
    for (const { id } of assets) seen.add(id);
    display.total(seen.size);
    const written = assets.map((asset) => ({ asset, file: nameOf(asset.filename) }));
    const lines = await Promise.all(
      written.map(({ asset, file }) =>
        limit(async () => {
          signal.throwIfAborted();
          try {
            await writeOriginal(library, asset, join(folder, file), signal);
          } catch (error) {
            signal.throwIfAborted();
            exported.failed.push({ id: asset.id, file, reason: error instanceof Error ? error.message : String(error) });
            return '';
          }
          exported.files += 1;
          exported.bytes += asset.bytes;
          display.done(asset.bytes);
          return `${JSON.stringify({ file, ...asset })}\n`;
        }),
      ),
    );
    await appendFile(join(folder, sidecar), lines.join(''));
  }
  exported.unlisted = Math.max(0, (await library.count()) - seen.size);
  return exported;
}

/** Writes all into a folder that is empty. */
export async function writeAll(library: Library, folder: string, display: FilesDisplay, signal: AbortSignal): Promise<Exported> {
  const parts = join(folder, partsFolder);
  await mkdir(parts);
  try {
    return await writeListed(library, folder, display, signal);
  } finally {
    await rm(parts, { recursive: true, force: true, maxRetries: 3 });
  }
}
