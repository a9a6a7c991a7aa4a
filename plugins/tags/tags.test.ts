import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { enrichOnce, pictures, readable, testEnricher, unreadable } from '../sdk/testkit.ts';
import tags from './index.ts';

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
const twoDogs = samples[6]!;

testEnricher(tags, {
  accepts: readable,
  rejects: unreadable,
  golden: {
    file: new URL('./golden.json', import.meta.url),
    fixtures: samples,
    tolerance: { confidences: { value: 0.02 }, reviewScore: { value: 0.02 }, embedding: { cosine: 0.002 } },
  },
});

const labelsOf = async (file: Parameters<typeof enrichOnce>[1], config?: object) =>
  (await enrichOnce(tags, file, { config })).outputs.labels as string[];

describe('tags', () => {
  it.each([
    ['white', pictures.white, ['square', 'bright', 'monochrome', 'white']],
    ['black', pictures.black, ['square', 'dark', 'monochrome', 'black']],
    ['grey', pictures.middleGrey, ['square', 'monochrome', 'grey']],
    ['a line', pictures.line, ['landscape']],
  ])('says what little there is to say of %s', async (_what, file, labels) => {
    expect((await labelsOf(file)).slice(0, labels.length)).toEqual(labels);
  });

  it('gives as many confidences as labels, in falling order', async () => {
    const { labels, confidences } = (await enrichOnce(tags, twoDogs)).outputs as { labels: string[]; confidences: number[] };
    expect(labels).toContain('dog');
    expect(confidences).toHaveLength(labels.length);
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
  });

  it('names only what is as sure as a person wants it', async () => {
    expect(await labelsOf(twoDogs, { confidence: 0.9 })).not.toContain('dog');
  });

  it('gives an embedding of length 1, near to that of the same picture in small and far from that of another', async () => {
    const small = { name: 'small.jpg', bytes: () => sharp(twoDogs).resize(400).flop().jpeg({ quality: 60 }).toBuffer() };
    const [whole, copy, other] = await Promise.all(
      [twoDogs, small, samples[5]!].map(async (file) => (await enrichOnce(tags, file)).outputs.embedding as number[]),
    );
    const dot = (a: number[], b: number[]): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
    expect(dot(whole!, whole!)).toBeCloseTo(1, 3);
    expect(dot(whole!, copy!)).toBeGreaterThan(0.9);
    expect(dot(whole!, other!)).toBeLessThan(0.8);
  });

  it('is offered where an engine loads', async () => {
    expect(await tags.missing?.({ program: () => undefined, env: {} }, tags.config.parse({}))).toBeUndefined();
  });
});
