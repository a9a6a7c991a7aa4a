import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { bitsApart } from '../sdk/index.ts';
import { enrichOnce, type Fixture, pictures, readable, testEnricher, unreadable } from '../sdk/testkit.ts';
import lookAlikes from './index.ts';
import { phashOf } from './phash.ts';
import { tonesOf } from './tones.ts';

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

testEnricher(lookAlikes, {
  accepts: readable,
  rejects: unreadable,
  golden: {
    file: new URL('./golden.json', import.meta.url),
    fixtures: samples,
    // A frequency close to the median may fall on its other side where a resize rounds otherwise.
    tolerance: { phash: { bits: 2 }, tones: { bits: 2 } },
  },
});

interface Signs {
  phash?: string;
  tones: string;
}
const signsOf = async (fixture: Fixture): Promise<Signs> => (await enrichOnce(lookAlikes, fixture)).outputs as unknown as Signs;

const isSame = (a: Signs, b: Signs): boolean =>
  a.phash !== undefined &&
  b.phash !== undefined &&
  bitsApart(a.phash, b.phash) <= lookAlikes.outputs.phash.same &&
  bitsApart(a.tones, b.tones) <= lookAlikes.outputs.tones.same;

const copies: Record<string, (picture: Sharp) => Sharp> = {
  'as WebP at a quarter of the size': (picture) => picture.resize(640, 640, { fit: 'inside' }).webp({ quality: 75 }),
  'as AVIF': (picture) => picture.resize(640, 640, { fit: 'inside' }).avif({ quality: 50, effort: 0 }),
  'as PNG': (picture) => picture.resize(900, 900, { fit: 'inside' }).png({ compressionLevel: 1 }),
  'as JPEG of quality 15': (picture) => picture.jpeg({ quality: 15 }),
  'as a thumbnail': (picture) => picture.resize(160, 160, { fit: 'inside' }).jpeg({ quality: 60 }),
  'a little brighter': (picture) => picture.modulate({ brightness: 1.05 }).jpeg(),
};
const edits: Record<string, (picture: Sharp) => Sharp> = {
  'cut to its middle': (picture) => picture.resize(900, 900, { fit: 'cover' }).jpeg(),
  mirrored: (picture) => picture.flop().jpeg(),
  'in other colours': (picture) => picture.modulate({ hue: 90 }).jpeg(),
  'as its negative': (picture) => picture.negate().jpeg(),
};

const changed = (path: string, how: (picture: Sharp) => Sharp): Fixture => ({
  name: 'changed',
  bytes: async () => how(sharp(await sharp(path).resize(1280, 1280, { fit: 'inside' }).toBuffer())).toBuffer(),
});

describe('look-alikes', () => {
  it('tells every sample from every other', async () => {
    const signs = await Promise.all(samples.map(signsOf));
    for (const [i, one] of signs.entries())
      for (const other of signs.slice(0, i)) expect(bitsApart(one.phash ?? '', other.phash ?? '')).toBeGreaterThan(16);
  });

  it.each(Object.entries(copies))('knows a sample again %s', async (_how, copy) => {
    for (const sample of samples) expect(isSame(await signsOf(sample), await signsOf(changed(sample, copy)))).toBe(true);
  });

  it.each(Object.entries(edits))('takes a sample %s for another picture', async (_how, edit) => {
    // A gradient is its own mirror image, and its middle is a gradient, too.
    for (const sample of samples.filter((path) => !path.includes('gradient')))
      expect(isSame(await signsOf(sample), await signsOf(changed(sample, edit)))).toBe(false);
  });

  it('sees a picture upright, and transparent parts on white', async () => {
    expect(isSame(await signsOf(pictures.turned), await signsOf(pictures.jpeg))).toBe(true);
    const onWhite = sharp(Buffer.from(await pictures.alpha.bytes())).flatten({
      background: '#fff',
    });
    const flat = await signsOf({ name: 'flat.png', bytes: () => onWhite.png().toBuffer() });
    expect(isSame(await signsOf(pictures.alpha), flat)).toBe(true);
  });

  it.each(['white', 'black', 'middleGrey', 'transparent', 'pixel', 'line'] as const)(
    'gives no hash for a picture that has nothing to be told by: %s',
    async (name) => {
      expect((await signsOf(pictures[name])).phash).toBeUndefined();
    },
  );

  it('gives no hash for a plain gradient, which is like any other', async () => {
    const gradient = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => 4 * (Math.floor(i / 3) % 32) + Math.floor(i / 96));
    expect(phashOf(gradient)).toBeUndefined();
  });
});

describe('phashOf', () => {
  it('sets half of the bits, whatever the picture', () => {
    const noise = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (i * 7919 + (i >> 3) * 104_729) % 251);
    const bits = BigInt(`0x${phashOf(noise) ?? ''}`).toString(2);
    expect(bits.replaceAll('0', '')).toHaveLength(32);
  });

  it('does not change with brightness and contrast', () => {
    const square = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => 20 + ((i * 7919 + (i >> 5) * 104_729) % 97));
    expect(phashOf(square.map((level) => level * 2 - 10))).toBe(phashOf(square));
  });
});

describe('tonesOf', () => {
  const plain = (r: number, g: number, b: number): string =>
    tonesOf(Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => [r, g, b][i % 3]!));

  it('differs the more the further apart two colours are', () => {
    const grey = plain(128, 128, 128);
    const [near, blue, black] = [plain(120, 128, 140), plain(60, 90, 200), plain(0, 0, 0)].map((other) => bitsApart(grey, other));
    expect(near).toBeLessThan(blue!);
    expect(bitsApart(grey, grey)).toBe(0);
    expect(black).toBe(16 * 5);
    expect(grey).toHaveLength(96);
  });

  it('knows where a colour is', () => {
    const half = (left: number, right: number): string =>
      tonesOf(Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (Math.floor(i / 3) % 32 < 16 ? left : right)));
    expect(bitsApart(half(0, 255), half(255, 0))).toBe(16 * 8);
  });
});
