import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { config } from '../config/index.ts';
import { version } from '../config/version.ts';
import { snapshotSqlite } from '../drivers/records/sqlite/snapshot.ts';
import { filesBelow, keep, keptPrefixes, sha256Of } from './backup/files.ts';
import { type Note, noteFile } from './backup/note.ts';
import { refuseWithin } from './backup/place.ts';
import { originalsOf } from './backup/records.ts';
import { type Command, Misuse, Refusal } from './command.ts';
import { size, span } from './words.ts';
import { abortOnSignal } from './node.ts';
import { type FilesDisplay, filesDisplay } from './progress.ts';

const usage = `Usage: vitrail backup DIR [--copy] [--json]

Writes all that cannot be made again from elsewhere, and derived files, into the folder DIR, which has to be new or empty: the records
as they are at one moment, and every file that they name. Vitrail may be running meanwhile. vitrail restore reads it. On the
drive of the data folder (VITRAIL_DATA) files are second names of the same bytes, and cost no room.

  --copy  copies on the same drive, too: against a drive that spoils what is on it
  --json  what it came to, as one JSON object on standard output

Status 0 when the backup is whole, 1 when it is not, 2 when the line is not understood, 130 after Ctrl-C.`;

/** Deletions while it is written have it begin again with newer records; so often. */
const attempts = 5;

interface Wish {
  folder: string;
  linked: boolean;
  json: boolean;
}

export function parseWish(args: string[]): Wish {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { copy: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Misuse('Name one folder to write to; see vitrail backup --help.');
  return { folder: resolve(folder), linked: !values.copy, json: values.json };
}

/** @throws Refusal where there is something else */
async function takeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw new Refusal(`${folder} is not empty: nothing was written. Name a new folder for each backup.`);
}

/** Keeps the blobs that the backup has not yet. */
async function keepBlobs(data: string, { folder, linked }: Wish, display: FilesDisplay, signal: AbortSignal) {
  const [from, to] = [join(data, 'blobs'), join(folder, 'blobs')];
  const paths: string[] = [];
  for (const prefix of keptPrefixes) for await (const path of filesBelow(from, prefix)) paths.push(path);
  display.total(paths.length);
  const kept = { files: 0, bytes: 0 };
  for (const path of paths) {
    signal.throwIfAborted();
    if (existsSync(join(to, path))) continue;
    const bytes = await keep(join(from, path), join(to, path), { linked });
    if (bytes === null) continue;
    kept.files += 1;
    kept.bytes += bytes;
    display.done(bytes);
  }
  return kept;
}

/** The originals that records name and the backup has not. */
async function missingIn(folder: string): Promise<{ assets: number; missing: string[] }> {
  const wanted = await originalsOf(join(folder, 'records.sqlite'));
  const there = new Set<string | undefined>();
  for await (const path of filesBelow(join(folder, 'blobs'), 'originals')) there.add(sha256Of(path));
  return { assets: wanted.size, missing: [...wanted].filter((sha256) => !there.has(sha256)) };
}

/** Records first: what they name is there then, unless it is deleted in the next moment. */
async function write(wish: Wish, data: string, display: FilesDisplay, signal: AbortSignal) {
  const records = join(wish.folder, 'records.sqlite');
  const total = { files: 0, bytes: 0 };
  for (let attempt = 1; ; attempt++) {
    await rm(records, { force: true });
    if (!(await snapshotSqlite(join(data, 'records.sqlite'), records, () => signal.throwIfAborted())))
      throw new Refusal(`SQLite finds ${join(data, 'records.sqlite')} damaged: go back to an earlier backup.`);
    const { files, bytes } = await keepBlobs(data, wish, display, signal);
    total.files += files;
    total.bytes += bytes;
    const { assets, missing } = await missingIn(wish.folder);
    if (missing.length === 0 || attempt === attempts) return { ...total, assets, missing };
  }
}

/** A copy of a data folder from which it can be made again. */
export const backupCommand: Command = {
  usage,
  async run(args) {
    const wish = parseWish(args);
    const { data, profile } = config();
    if (profile !== 'embedded')
      throw new Refusal(
        'Only a data folder is backed up (VITRAIL_PROFILE=embedded): the servers of a mesh have means of their own, or vitrail migrate brings all into a folder.',
      );
    if (!existsSync(join(data, 'records.sqlite')))
      throw new Refusal(`There is nothing of Vitrail's in the folder ${data}: set VITRAIL_DATA to the one that has it.`);
    await refuseWithin(wish.folder, data);
    await takeFolder(wish.folder);
    const began = Date.now();
    const signal = abortOnSignal();
    using display = filesDisplay(process.stderr, 'kept');
    try {
      const { missing, ...kept } = await write(wish, data, display, signal);
      const note: Note = { format: 1, vitrail: version, createdAt: new Date(began).toISOString(), ...kept };
      await writeFile(noteFile(wish.folder), `${JSON.stringify(note, null, 2)}\n`, { flush: true });
      display[Symbol.dispose]();
      const seconds = (Date.now() - began) / 1000;
      if (wish.json) console.log(JSON.stringify({ folder: wish.folder, seconds, ...note, missing: missing.length }));
      else
        console.log(
          `Kept ${note.assets} assets in ${note.files} files (${size(note.bytes)}) in ${span(seconds)}.${missing.length > 0 ? ` ${missing.length} have no original, here or there: see doctor.` : ''}`,
        );
      return missing.length === 0 ? 0 : 1;
    } catch (error) {
      if (!signal.aborted) throw error;
      console.error(`Stopped. ${wish.folder} is no whole backup: remove it.`);
      return 130;
    }
  },
};
