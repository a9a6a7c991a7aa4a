import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../command.ts';

/** What a backup says of itself, in `backup.json`: written last, so that one that broke off has none. */
export const Note = z.object({
  format: z.literal(1),
  vitrail: z.string(),
  createdAt: z.iso.datetime(),
  assets: z.int(),
  files: z.int(),
  bytes: z.int(),
});
export type Note = z.infer<typeof Note>;

export const noteFile = (folder: string): string => join(folder, 'backup.json');

/** @throws Refusal where the folder is no whole backup, or one of a later form */
export async function readNote(folder: string): Promise<Note> {
  const text = await readFile(noteFile(folder), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new Refusal(
      `${folder} is no backup, or one that broke off: there is no backup.json in it. Name a folder that vitrail backup wrote.`,
    );
  try {
    return Note.parse(JSON.parse(text));
  } catch (error) {
    throw new Refusal(
      `${noteFile(folder)} is not of a form that this Vitrail knows: use the one that wrote it, or a later one.`,
      {
        cause: error,
      },
    );
  }
}
