import type { ImportProgress, Refusal } from '../../services/ingest/import/import.ts';
import { barOf, type Screen } from '../bar.ts';
import { span } from '../words.ts';

export interface ImportDisplay {
  update(progress: Readonly<ImportProgress>): void;
  stop(): void;
}

/** One bar: files settled, images a second, time left, and what went wrong. Where there is no terminal, a line every few seconds. */
export function importDisplay(stream: Screen, total: number): ImportDisplay {
  const began = Date.now();
  const bar = barOf(stream, '{bar} {value}/{total} files · {rate} images/s · {left} left{wrong}');
  const shown = ({ settled, refused, failed, degraded, files }: Readonly<ImportProgress>) => {
    const seconds = (Date.now() - began) / 1000;
    const rate = seconds > 0 ? settled / seconds : 0;
    const left = rate > 0 ? span((files - settled) / rate) : '–';
    const wrong = counted([refused.length, 'refused'], [failed.length, 'failed'], [degraded, 'partly enriched']);
    return { rate: rate.toFixed(1), left, wrong: wrong.map((words) => ` · ${words}`).join('') };
  };
  bar.start(total, 0, { rate: '0.0', left: '–', wrong: '' });
  return {
    update: (progress) => bar.update(progress.settled, shown(progress)),
    stop: () => bar.stop(),
  };
}

/** Of what there is any of. */
const counted = (...all: [count: number, what: string][]): string[] =>
  all.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);

const files = (count: number): string => `${count} ${count === 1 ? 'file' : 'files'}`;

/** What an import came to, in lines to print. */
export function summary(
  { files: total, created, known, refused, failed, degraded }: Readonly<ImportProgress>,
  seconds: number,
): string[] {
  const told = (what: string, of: readonly Refusal[]) => of.map(({ file, reason }) => `${what}  ${file}: ${reason}`);
  const lines = [...told('refused', refused), ...told('failed', failed)];
  const partly = degraded > 0 ? [`${degraded} of them did not pass every enricher: see /api/quarantine for the reasons.`] : [];
  if (total === 0) return ['There are no files to import.'];
  if (created === 0 && known > 0 && known === total - refused.length)
    return [
      ...lines,
      `${known === 1 ? 'The file is' : `All ${known} files are`} here already, and there is nothing left to do.`,
      ...partly,
    ];
  const parts = [`${created} new`, ...counted([known, 'known already'], [refused.length, 'refused'], [failed.length, 'failed'])];
  lines.push(`Imported ${files(total)} in ${span(seconds)}: ${parts.join(', ')}.`);
  return [...lines, ...partly];
}
