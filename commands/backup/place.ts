import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { Refusal } from '../command.ts';

/** Where a path leads, links followed as far as there is something. */
async function endOf(path: string): Promise<string> {
  const whole = resolve(path);
  return realpath(whole).catch(async (error: unknown) => {
    if (dirname(whole) === whole) throw error;
    return join(await endOf(dirname(whole)), basename(whole));
  });
}

/**
 * A backup within the data folder would go with it.
 * @throws Refusal where the folder is the data folder, or lies in it
 */
export async function refuseWithin(folder: string, data: string): Promise<void> {
  const way = relative(await endOf(data), await endOf(folder));
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return;
  throw new Refusal(
    `${folder} lies in the data folder ${data}, and would go with it: nothing was written. Name a folder elsewhere.`,
  );
}
