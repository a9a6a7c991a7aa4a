import { PassThrough } from 'node:stream';
import type { ImportProgress } from '../../services/ingest/import/import.ts';
import { importDisplay, summary } from './terminal.ts';

const progress = (rest: Partial<ImportProgress>): ImportProgress => ({
  files: 0,
  settled: 0,
  created: 0,
  known: 0,
  refused: [],
  failed: [],
  degraded: 0,
  ...rest,
});
const refusal = (file: string) => ({ file, reason: 'This is no picture.' });

describe('the summary of an import', () => {
  it('counts what came in', () => {
    expect(summary(progress({ files: 3, settled: 3, created: 2, known: 1 }), 4)).toEqual([
      'Imported 3 files in 4 s: 2 new, 1 known already.',
    ]);
  });
  it('has a line for each refused and each failed file, with the reason', () => {
    const lines = summary(
      progress({ files: 3, created: 1, refused: [refusal('a.txt')], failed: [{ file: 'b.jpg', reason: 'No room.' }] }),
      1,
    );
    expect(lines).toEqual([
      'refused  a.txt: This is no picture.',
      'failed  b.jpg: No room.',
      'Imported 3 files in 1 s: 1 new, 1 refused, 1 failed.',
    ]);
  });
  it('says when there was nothing to do', () => {
    expect(summary(progress({ files: 2, known: 2 }), 1)).toEqual([
      'All 2 files are here already, and there is nothing left to do.',
    ]);
    expect(summary(progress({ files: 2, known: 1, refused: [refusal('a.txt')] }), 1).at(-1)).toBe(
      'The file is here already, and there is nothing left to do.',
    );
    expect(summary(progress({}), 1)).toEqual(['There are no files to import.']);
  });
  it('points at the quarantine when something is in it', () => {
    expect(summary(progress({ files: 1, created: 1, degraded: 1 }), 1).at(-1)).toContain('/api/quarantine');
  });
});

it('where there is no terminal the display writes lines with files, rate and what went wrong', () => {
  const stream = new PassThrough();
  const display = importDisplay(stream, 4);
  display.update(progress({ files: 4, settled: 2, refused: [refusal('a.txt')] }));
  display.stop();
  expect(String(stream.read())).toMatch(/2\/4 files · .* images\/s · .* left · 1 refused\s*$/);
});
