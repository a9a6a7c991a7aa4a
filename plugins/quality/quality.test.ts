import { fileURLToPath } from 'node:url';
import { enrichOnce, pictures, readable, testEnricher, unreadable } from '../sdk/testkit.ts';
import quality from './index.ts';
import { edgesFor } from './quality.ts';
import { type Parts, scoreOf } from './score.ts';

const samples = [
  'autumn-ridge',
  'dandelions',
  'gradient',
  'paint-brushes',
  'picos-de-europa',
  'sunset',
  'two-dogs',
  'wine-table',
].map((name) => fileURLToPath(new URL(`../../samples/${name}.jpg`, import.meta.url)));

testEnricher(quality, {
  accepts: readable,
  rejects: unreadable,
  golden: {
    file: new URL('./golden.json', import.meta.url),
    fixtures: samples,
    tolerance: {
      score: { value: 1 },
      sharpness: { value: 0.02 },
      noise: { value: 0.02 },
      blockiness: { value: 0.02 },
      exposure: { value: 0.01 },
      contrast: { value: 0.01 },
    },
  },
});

const scoreOfFile = async (file: Parameters<typeof enrichOnce>[1]): Promise<number> =>
  (await enrichOnce(quality, file)).outputs.score as number;

describe('quality', () => {
  it.each([
    ['white', pictures.white],
    ['black', pictures.black],
    ['grey', pictures.middleGrey],
    ['transparent', pictures.transparent],
    ['of one pixel', pictures.pixel],
    ['of one line', pictures.line],
  ])('is low for a picture that is all %s, and a number', async (_what, file) => {
    const { outputs } = await enrichOnce(quality, file);
    expect(outputs.score).toBeLessThan(20);
    for (const value of Object.values(outputs)) expect(value).toEqual(expect.any(Number));
    for (const value of Object.values(outputs)) expect(Number.isFinite(value)).toBe(true);
  });

  it('is from 60 to 95 for photographs that are well taken', async () => {
    for (const file of samples.filter((name) => !name.includes('gradient'))) {
      const score = await scoreOfFile(file);
      expect(score).toBeGreaterThan(60);
      expect(score).toBeLessThan(95);
    }
  });

  it('is not absurd for an abstract gradient', async () => {
    expect(await scoreOfFile(samples[2]!)).toBeGreaterThan(30);
  });

  it('counts the pixels of the upright original', async () => {
    const { outputs } = await enrichOnce(quality, samples[0]!);
    expect(outputs.megapixels).toBe(4.36);
  });

  it('sees what is transparent as the white of a page', async () => {
    const [seen, white] = await Promise.all([enrichOnce(quality, pictures.transparent), enrichOnce(quality, pictures.white)]);
    expect(seen.outputs.score).toBe(white.outputs.score);
  });

  it('falls with each part, and no part alone makes the rest worthless', () => {
    const parts: Parts = { naturalness: 1, sharpness: 1, noise: 1, blockiness: 1, exposure: 1, contrast: 1 };
    expect(scoreOf(parts)).toBe(100);
    for (const name of Object.keys(parts) as (keyof Parts)[]) {
      expect(scoreOf({ ...parts, [name]: 0.5 })).toBeLessThan(95);
      expect(scoreOf({ ...parts, [name]: 0 })).toBeGreaterThan(0);
    }
  });
});

describe('edgesFor', () => {
  it.each([
    [1, 1, 1, 1],
    [161, 161, 81, 161],
    [700, 700, 320, 640],
    [1280, 1280, 640, 640],
    [1281, 1280, 640, 640],
    [2560, 1920, 1280, 640],
    [6000, 2560, 1280, 640],
  ])('looks at a picture of %d px at %d, %d and %d px', (longest, fine, coarse, small) => {
    expect(edgesFor(longest)).toEqual({ fine, coarse, small });
  });
});
