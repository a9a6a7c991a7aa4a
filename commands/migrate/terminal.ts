import { barOf, type Screen } from '../bar.ts';
import { size, span } from '../words.ts';
import { rooms } from './blobs.ts';
import type { Moved, Progress, Step } from './move.ts';

export interface MoveDisplay {
  update(progress: Readonly<Progress>): void;
  stop(): void;
}

const what: Record<Step, string> = {
  compare: 'records compared',
  blobs: 'files',
  records: 'records',
  check: 'records checked',
};

/** One bar, anew for each step: how many of how many, the bytes, the time left. Where there is no terminal, a line every few seconds. */
export function moveDisplay(stream: Screen): MoveDisplay {
  const bar = barOf(stream, '{bar} {value}/{total} {what}{bytes} · {left} left');
  let step: Step | undefined;
  let began = 0;
  return {
    update({ step: now, done, total, bytes }) {
      if (step !== now) {
        if (step === undefined) bar.start(total, 0, { what: what[now], bytes: '', left: '–' });
        step = now;
        began = Date.now();
      }
      bar.setTotal(Math.max(total, done));
      const left = done > 0 && total > 0 ? span(((Date.now() - began) / 1000 / done) * (total - done)) : '–';
      bar.update(done, { what: what[now], bytes: bytes > 0 ? ` · ${size(bytes)}` : '', left });
    },
    stop: () => bar.stop(),
  };
}

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** What a move came to, in lines to print. */
export function summary({ blobs, records, damaged, equal }: Moved, seconds: number): string[] {
  const files = rooms.reduce((sum, room) => sum + blobs[room].source, 0);
  const rows = records.reduce((sum, { source }) => sum + source, 0);
  const copiedFiles = rooms.reduce((sum, room) => sum + blobs[room].copied, 0);
  const copiedRows = records.reduce((sum, { copied }) => sum + copied, 0);
  const spoiled = rooms.reduce((sum, room) => sum + blobs[room].damaged, 0);
  const lines = damaged.map(({ key, reason }) => `damaged  ${key}: ${reason}`);
  const [originals, derived] = [blobs.originals, blobs.derived];
  const all = `${many(originals.source, 'original')} (${size(originals.bytes)}), ${many(derived.source, 'derived file')} (${size(derived.bytes)}), ${many(rows, 'record')}`;
  if (copiedFiles + copiedRows === 0 && equal) return [`Nothing to do: all is there already, and equal: ${all}.`];
  lines.push(`Copied ${copiedFiles} of ${many(files, 'file')} and ${copiedRows} of ${many(rows, 'record')} in ${span(seconds)}.`);
  if (equal) return [...lines, `Equal on both sides: ${all}; every original has its sha256.`];
  if (spoiled > 0)
    lines.push(
      `${many(spoiled, 'file')} of the source could not be copied: the rest has been. Put them right there, or delete their assets.`,
    );
  for (const { name, missing, differing, strange } of records)
    if (missing + differing + strange > 0)
      lines.push(
        `${name}: ${missing} missing, ${differing} differ, ${strange} are not in the source. Was a node at work meanwhile?`,
      );
  return lines;
}
