import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { config } from '../config/index.ts';
import { takeDataFolder } from '../config/profiles/data-folder.ts';
import { isSound } from '../drivers/records/sqlite/snapshot.ts';
import { copyChecked, filesBelow, keptPrefixes, sha256Of } from './backup/files.ts';
import { readNote } from './backup/note.ts';
import { refuseWithin } from './backup/place.ts';
import { originalsOf } from './backup/records.ts';
import { type Command, Misuse, Refusal } from './command.ts';
import { size, span } from './words.ts';
import { abortOnSignal } from './node.ts';
import { filesDisplay } from './progress.ts';
import { aside, isLock, replaced, takePlace } from './restore/take-place.ts';

const usage = `Usage: vitrail restore DIR [--overwrite] [--json]

Makes the data folder (VITRAIL_DATA) what the backup in DIR is. All is copied beside it and checked first: every original has its
sha256, and every asset its original; only then it takes the place of what is there. The index is fed anew at the next start.

  --overwrite  where the data folder has something, take that away; else that is an error, and nothing is written
  --json       what it came to, as one JSON object on standard output

Status 0 when all is there and whole, 1 when it is not (the data folder is as it was), 2 when the line is not understood, 130 after
Ctrl-C.`;

interface Wish {
  folder: string;
  overwrite: boolean;
  json: boolean;
}

export function parseWish(args: string[]): Wish {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { overwrite: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Misuse('Name the folder of one backup; see vitrail restore --help.');
  return { folder: resolve(folder), overwrite: values.overwrite, json: values.json };
}

interface Copied {
  files: number;
  bytes: number;
  damaged: string[];
}

async function copyAll(from: string, to: string, signal: AbortSignal): Promise<Copied> {
  const records = join(from, 'records.sqlite');
  if (!isSound(records)) throw new Refusal(`SQLite finds ${records} damaged: take another backup.`);
  await mkdir(to, { recursive: true });
  await copyFile(records, join(to, 'records.sqlite'));
  const paths: string[] = [];
  for (const prefix of keptPrefixes) for await (const path of filesBelow(join(from, 'blobs'), prefix)) paths.push(path);
  using display = filesDisplay(process.stderr, 'copied');
  display.total(paths.length);
  const copied: Copied = { files: 0, bytes: 0, damaged: [] };
  for (const path of paths) {
    signal.throwIfAborted();
    const { bytes, sound } = await copyChecked(join(from, 'blobs', path), join(to, 'blobs', path), path);
    if (!sound) copied.damaged.push(path);
    copied.files += 1;
    copied.bytes += bytes;
    display.done(bytes);
  }
  const there = new Set(paths.map(sha256Of));
  for (const sha256 of await originalsOf(join(to, 'records.sqlite')))
    if (!there.has(sha256)) copied.damaged.push(`originals/${sha256} (it is not there)`);
  return copied;
}

/** A data folder made from a backup. */
export const restoreCommand: Command = {
  usage,
  async run(args) {
    const wish = parseWish(args);
    const note = await readNote(wish.folder);
    const { data, profile } = config();
    if (profile !== 'embedded')
      throw new Refusal(
        'A backup becomes a data folder (VITRAIL_PROFILE=embedded); from there vitrail migrate brings it to a mesh.',
      );
    await refuseWithin(wish.folder, data);
    const began = Date.now();
    const signal = abortOnSignal();
    using stack = new DisposableStack();
    stack.adopt(takeDataFolder(data), (lock) => lock.release());
    const others = (await readdir(data)).filter((name) => !isLock(name) && name !== aside);
    if (others.length > 0 && !wish.overwrite)
      throw new Refusal(
        `${data} is not empty (${others.slice(0, 3).join(', ')}): nothing was written. Set VITRAIL_DATA to another folder, or say --overwrite.`,
      );
    if (others.includes(replaced))
      throw new Refusal(
        `${join(data, replaced)} has what an earlier restore found there and could not replace: nothing was written. Move it elsewhere, or remove it.`,
      );
    const dropCopy = () => rm(join(data, aside), { recursive: true, force: true });
    await dropCopy();
    let copied: Copied;
    try {
      copied = await copyAll(wish.folder, join(data, aside), signal);
    } catch (error) {
      await dropCopy();
      if (!signal.aborted) throw error;
      console.error(`Stopped: ${data} is as it was.`);
      return 130;
    }
    if (copied.damaged.length === 0) await takePlace(data);
    else await dropCopy();
    const seconds = (Date.now() - began) / 1000;
    const { files, bytes, damaged } = copied;
    if (wish.json) console.log(JSON.stringify({ data, seconds, assets: note.assets, files, bytes, damaged }));
    else if (damaged.length > 0)
      console.log(
        [
          ...damaged.slice(0, 20).map((path) => `damaged  ${path}`),
          `${damaged.length} files of the backup are not what they should be: ${data} is as it was. Take another backup.`,
        ].join('\n'),
      );
    else
      console.log(
        `Restored ${note.assets} assets in ${files} files (${size(bytes)}) of ${note.createdAt} in ${span(seconds)}; every original has its sha256.`,
      );
    return damaged.length === 0 ? 0 : 1;
  },
};
