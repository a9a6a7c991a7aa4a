import type { Writable } from 'node:stream';
import { Presets, SingleBar } from 'cli-progress';

/** Where a bar is drawn. */
export type Screen = Writable & { isTTY?: boolean };

/** A bar of one line, in a format of cli-progress. Where there is no terminal, a line every few seconds. */
export const barOf = (stream: Screen, format: string): SingleBar =>
  new SingleBar(
    { stream, format, noTTYOutput: true, notTTYSchedule: 5000, hideCursor: true, barsize: 28, fps: 8, stopOnComplete: false },
    Presets.shades_classic,
  );
