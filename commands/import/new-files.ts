import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { walk } from '../../services/ingest/import/walk.ts';

/** Between two looks, in ms: at least, and at most where rounds fail; a look that takes long rests ten times as long. */
const leastMs = 1000;
const mostMs = 60_000;

/** Takes in the files of a round; answers those that failed. */
type Round = (files: string[]) => Promise<readonly string[]>;

/**
 * Files of folders as they come, in rounds: those that are there, then, for ever, those that are new or changed, and again those that
 * failed, ever more seldom. A file is given when two looks found it the same, so that none is taken while it is written. By looking
 * rather than by the system's word, which network drives do not give and large trees exhaust.
 */
export async function eachRound(paths: readonly string[], round: Round, signal: AbortSignal): Promise<void> {
  const given = new Map<string, string>();
  let before = new Map<string, string>();
  let restMs = leastMs;
  while (!signal.aborted) {
    const began = Date.now();
    const now = new Map<string, string>();
    for await (const file of walk(paths)) {
      const info = await stat(file).catch(() => undefined);
      if (info) now.set(file, `${info.size}:${info.mtimeMs}:${info.ino}`);
    }
    const tookMs = Date.now() - began;
    const still = [...now].filter(([file, print]) => before.get(file) === print && given.get(file) !== print);
    for (const [file, print] of still) given.set(file, print);
    for (const file of given.keys()) if (!now.has(file)) given.delete(file);
    before = now;
    if (still.length > 0) {
      const failed = await round(still.map(([file]) => file));
      for (const file of failed) given.delete(file);
      restMs = failed.length > 0 ? Math.min(2 * restMs, mostMs) : leastMs;
    }
    await delay(Math.max(restMs, 10 * tookMs), undefined, { signal }).catch(() => undefined);
  }
}
