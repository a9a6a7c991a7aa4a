import { fileURLToPath } from 'node:url';
import { thumbHashToAverageRGBA, thumbHashToApproximateAspectRatio, thumbHashToRGBA } from 'thumbhash';
import sharp from 'sharp';
import { manifestOf, type RawPixels } from '../sdk/index.ts';
import { enrichOnce, type Fixture, pictures, readable, testEnricher, unreadable } from '../sdk/testkit.ts';
import placeholder from './index.ts';
import { placeholderOf } from './placeholder.ts';

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

testEnricher(placeholder, {
  accepts: readable,
  rejects: unreadable,
  golden: { file: new URL('./golden.json', import.meta.url), fixtures: [...samples, pictures.alpha] },
});

async function made(fixture: Fixture) {
  const { outputs } = await enrichOnce(placeholder, fixture);
  return { hash: Buffer.from(String(outputs['thumbhash']), 'base64'), color: outputs['averageColor'] };
}

/** Root mean square difference of a blur from a picture, turned by so much, at the size of the blur, in levels of 255. */
async function apart(hash: Uint8Array, file: string, turned: 0 | 180): Promise<number> {
  const { w: width, h: height, rgba } = thumbHashToRGBA(hash);
  const upright = await sharp(file).autoOrient().toBuffer();
  const pixels = await sharp(upright).rotate(turned).resize(width, height, { fit: 'fill' }).ensureAlpha().raw().toBuffer();
  return Math.sqrt(pixels.reduce((sum, level, i) => sum + (level - (rgba[i] ?? Infinity)) ** 2, 0) / pixels.length);
}

/** 2 × 1 pixels: what is left and what is right. */
const pair = (left: number[], right: number[], channels: 3 | 4 = 4): RawPixels => ({
  data: Buffer.from([...left, ...right]),
  width: 2,
  height: 1,
  channels,
});

describe('placeholder', () => {
  it.each(samples)('is a blur of %s, in its shape', async (file) => {
    const { width, height } = (await sharp(file).metadata()).autoOrient;
    const { hash } = await made(file);
    expect(hash.length).toBeLessThanOrEqual(32);
    expect(Math.abs(Math.log(thumbHashToApproximateAspectRatio(hash) / (width / height)))).toBeLessThan(0.2);
    expect(await apart(hash, file, 0)).toBeLessThan(0.8 * (await apart(hash, file, 180)));
  });

  it('stands upright', async () => {
    const [upright, turned] = [await made(pictures.jpeg), await made(pictures.turned)];
    expect(thumbHashToApproximateAspectRatio(turned.hash)).toBe(thumbHashToApproximateAspectRatio(upright.hash));
    const [a, b] = [thumbHashToRGBA(upright.hash).rgba, thumbHashToRGBA(turned.hash).rgba];
    expect(Math.max(...a.map((level, i) => Math.abs(level - b[i]!)))).toBeLessThan(24);
  });

  it('is transparent where the picture is', async () => {
    const { hash } = await made(pictures.alpha);
    const { w, h, rgba } = thumbHashToRGBA(hash);
    const alphaAt = (x: number) => rgba[(Math.floor(h / 2) * w + x) * 4 + 3]!;
    expect(alphaAt(2)).toBeGreaterThan(200);
    expect(alphaAt(w - 3)).toBeLessThan(55);
    expect(thumbHashToAverageRGBA((await made(pictures.transparent)).hash).a).toBe(0);
    expect(thumbHashToAverageRGBA((await made(pictures.white)).hash).a).toBe(1);
  });

  it.each([
    ['white', pictures.white, '#ffffff'],
    ['black', pictures.black, '#000000'],
    ['one pixel', pictures.pixel, '#204060'],
    ['nothing to see but the white behind it', pictures.transparent, '#ffffff'],
  ])('gives the colour of %s', async (_what, fixture, color) => {
    expect((await made(fixture)).color).toBe(color);
  });

  it('averages each pixel as much as it is seen', () => {
    expect(placeholderOf(pair([255, 0, 0], [0, 0, 255], 3)).averageColor).toBe('#800080');
    expect(placeholderOf(pair([255, 0, 0, 255], [0, 0, 255, 0])).averageColor).toBe('#ff0000');
    expect(placeholderOf(pair([200, 0, 0, 255], [0, 0, 200, 85])).averageColor).toBe('#960032');
  });

  it('leaves the shared pixels as they are', () => {
    for (const pixels of [pair([1, 2, 3], [4, 5, 6], 3), pair([1, 2, 3, 4], [5, 6, 7, 8])]) {
      const before = Buffer.from(pixels.data);
      placeholderOf(pixels);
      expect(pixels.data.equals(before)).toBe(true);
    }
  });

  it('is nothing that searches look for', () => {
    const { thumbhash, averageColor } = manifestOf(placeholder, {}).outputs;
    expect(thumbhash).toMatchObject({ words: false, filter: false, facet: false, sort: false });
    expect(averageColor).toMatchObject({ filter: false, facet: false, sort: false });
  });
});
