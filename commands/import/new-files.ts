import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { walk } from '../../services/ingest/import/walk.ts';

/** Between two looks, in ms, at least; a look that takes long rests ten times as long. */
const restMs = 1000;

/**
 * Files of folders as they come: those that are there, then, for ever, those that are new or changed. A file is given when two looks
 * found it the same, so that none is taken while it is written. By looking rather than by the system's word, which network
 * drives do not give and large trees exhaust.
 */
export async function* newFiles(paths: readonly string[], signal: AbortSignal): AsyncGenerator<string[]> {
  const given = new Map<string, string>();
  let before = new Map<string, string>();
  while (!signal.aborted) {
    const began = Date.now();
    const now = new Map<string, string>();
    for await (const file of walk(paths)) {
      const info = await stat(file).catch(() => undefined);
      if (info) now.set(file, `${info.size}:${info.mtimeMs}:${info.ino}`);
    }
    const still = [...now].filter(([file, print]) => before.get(file) === print && given.get(file) !== print);
    for (const [file, print] of still) given.set(file, print);
    for (const file of given.keys()) if (!now.has(file)) given.delete(file);
    before = now;
    if (still.length > 0) yield still.map(([file]) => file);
    else await delay(Math.max(restMs, 10 * (Date.now() - began)), undefined, { signal }).catch(() => undefined);
  }
}
