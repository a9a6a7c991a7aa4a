import { enrichOnce } from '../../sdk/testkit.ts';
import tags from '../index.ts';
import type { Judged } from '../judge.ts';
import { precision, present, type Truth, verdict } from './precision.ts';

const given = (labels: string[]): Judged => ({
  labels,
  confidences: labels.map(() => 1),
  faces: 0,
  needsReview: false,
  reviewScore: 0,
  embedding: [],
});
const truth: Truth = { file: 'a.jpg', things: ['dog', 'cat'], colours: ['blue'], light: [], faces: 0 };

describe('precision', () => {
  it('counts what is right and wrong, shape left out', () => {
    const found = verdict(truth, given(['landscape', '16:9', 'dog', 'blue', 'dark', 'car']));
    expect(found).toMatchObject({ right: ['dog', 'blue'], wrong: ['dark', 'car'], missed: ['cat'] });
    expect(precision([found], 'all')).toBe(0.5);
    expect(precision([found, verdict(truth, given(['dog', 'cat']))], 'things')).toBe(0.75);
  });

  it('takes orange for a colour, not for a fruit that was found', () => {
    const found = verdict({ ...truth, colours: ['orange'] }, given(['orange']));
    expect(found).toMatchObject({ right: ['orange'], rightThings: 0, wrongThings: 0 });
  });

  // The wallpapers of the table take longer: `node plugins/tags/truth/table.ts` measures them too.
  it('is at least 0.9 over the samples, with no face where there is none and nothing to review', async () => {
    const verdicts = [];
    for (const { truth: known, path } of present().filter(({ truth: { package: wallpaper } }) => wallpaper === undefined)) {
      const judged = (await enrichOnce(tags, path)).outputs as unknown as Judged;
      verdicts.push(verdict(known, judged));
      const { file, faces } = known;
      expect({ file, faces: judged.faces, needsReview: judged.needsReview }).toEqual({ file, faces, needsReview: false });
    }
    expect(verdicts).toHaveLength(8);
    expect(precision(verdicts, 'all')).toBeGreaterThanOrEqual(0.9);
    expect(precision(verdicts, 'things')).toBeGreaterThanOrEqual(0.9);
  });
});
