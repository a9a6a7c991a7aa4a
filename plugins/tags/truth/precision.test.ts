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

  // The samples are always there; wallpapers where their packages are installed.
  it('is at least 0.9 over the pictures that a person labelled, with no face where there is none and nothing to review', async () => {
    const pictures = present();
    expect(pictures.length).toBeGreaterThanOrEqual(8);
    const verdicts = [];
    for (const { truth: known, path } of pictures) {
      const { outputs } = await enrichOnce(tags, path);
      const judged = outputs as unknown as Judged;
      verdicts.push(verdict(known, judged));
      expect({ file: known.file, faces: judged.faces, needsReview: judged.needsReview }).toEqual({
        file: known.file,
        faces: known.faces,
        needsReview: false,
      });
    }
    expect(precision(verdicts, 'all')).toBeGreaterThanOrEqual(0.9);
    expect(precision(verdicts, 'things')).toBeGreaterThanOrEqual(0.9);
  });
});
