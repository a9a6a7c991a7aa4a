import type { Comparison } from './records.ts';
import type { Moved } from './move.ts';
import { moveDisplay, summary } from './terminal.ts';
import { Writable } from 'node:stream';

const room = { source: 2, bytes: 1_500_000, copied: 2, there: 0, damaged: 0 };
const assets: Comparison = { name: 'assets', source: 3, target: 3, missing: 0, differing: 0, strange: 0, examples: [] };
const moved: Moved = {
  blobs: { originals: room, derived: { ...room, source: 1, bytes: 20, copied: 1 } },
  records: [{ ...assets, copied: 3 }],
  damaged: [],
  equal: true,
};

it('says what was copied, and that both sides are equal', () => {
  expect(summary(moved, 65)).toEqual([
    'Copied 3 of 3 files and 3 of 3 records in 1 min 05 s.',
    'Equal on both sides: 2 originals (1.5 MB), 1 derived file (20 B), 3 records; every original has its sha256.',
  ]);
});

it('says that there was nothing to do', () => {
  const there = { ...room, copied: 0, there: 2 };
  const blobs = { originals: there, derived: { ...there, source: 0, bytes: 0 } };
  expect(summary({ ...moved, blobs, records: [{ ...assets, copied: 0 }] }, 1)).toEqual([
    'Nothing to do: all is there already, and equal: 2 originals (1.5 MB), 0 derived files (0 B), 3 records.',
  ]);
});

it('names damaged files, and collections that are not equal', () => {
  const lines = summary(
    {
      ...moved,
      blobs: { ...moved.blobs, originals: { ...room, copied: 1, damaged: 1 } },
      records: [{ ...assets, missing: 1, copied: 2 }],
      damaged: [{ key: 'originals/ab', reason: 'it is short' }],
      equal: false,
    },
    1,
  );
  expect(lines[0]).toBe('damaged  originals/ab: it is short');
  expect(lines.join('\n')).toMatch(/1 file of the source could not be copied/);
  expect(lines.at(-1)).toMatch(/^assets: 1 missing, 0 differ, 0 are not in the source/);
  expect(lines.join('\n')).not.toContain('Equal');
});

it('shows each step with its own total', () => {
  let shown = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      shown += chunk.toString();
      done();
    },
  });
  const display = moveDisplay(stream);
  display.update({ step: 'compare', done: 0, total: 7, bytes: 0 });
  display.update({ step: 'blobs', done: 2, total: 4, bytes: 2_000_000 });
  display.stop();
  expect(shown).toContain('0/7 records compared');
  expect(shown).toContain('2/4 files · 2.0 MB');
});
