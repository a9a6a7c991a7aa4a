import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { PaletteColor, RawPixels } from '../sdk/index.ts';
import { enrichOnce, pictures, readable, testEnricher, unreadable } from '../sdk/testkit.ts';
import palette from './index.ts';
import { coloursOf } from './palette.ts';
import { quantized } from './vibrant.ts';

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

testEnricher(palette, {
  accepts: readable,
  rejects: unreadable,
  golden: { file: new URL('./golden.json', import.meta.url), fixtures: samples },
});

/** A picture of vertical stripes as wide as their shares, in 400 × 100. */
function stripes(shares: Record<string, number>, channels: 3 | 4 = 3): RawPixels {
  const [width, height] = [400, 100];
  const data = Buffer.alloc(width * height * channels, 255);
  let from = 0;
  for (const [hex, share] of Object.entries(shares)) {
    const to = from + Math.round(share * width);
    for (let y = 0; y < height; y++) {
      for (let x = from; x < to; x++) Buffer.from(hex.slice(1), 'hex').copy(data, (y * width + x) * channels);
    }
    from = to;
  }
  return { data, width, height, channels };
}

const hexes = (colours: PaletteColor[]): string[] => colours.map(({ hex }) => hex);
const sum = (colours: PaletteColor[]): number => colours.reduce((total, { weight }) => total + weight, 0);

describe('quantized', () => {
  it('spends no colour on what is seen through, and takes white for one', async () => {
    const seen = stripes({ '#c02020': 0.25, '#20c020': 0.25, '#ffffff': 0.5 }, 4);
    for (let i = 0; i < seen.data.length; i += 4) if (seen.data[i] === 0x20) seen.data[i + 3] = 100;
    const colours = await quantized(seen);
    expect(colours.every(([r]) => r > 0xb0)).toBe(true);
    expect(colours.some(([, g]) => g > 0xf0)).toBe(true);
  });
});

describe('palette', () => {
  it.each([
    ['white', pictures.white, '#ffffff', [1, 0, 0]],
    ['black', pictures.black, '#000000', [0, 0, 0]],
    ['grey', pictures.middleGrey, '#808080', [0.5999, 0, 0]],
    ['one pixel', pictures.pixel, '#204060', [0.3632, -0.0229, -0.0634]],
    ['nothing to see but the white behind it', pictures.transparent, '#ffffff', [1, 0, 0]],
  ])('gives one colour for %s', async (_what, fixture, hex, oklab) => {
    const { outputs } = await enrichOnce(palette, fixture);
    expect(outputs).toEqual({
      dominant: hex,
      palette: [{ hex, weight: 1, oklab: oklab.map((value) => expect.closeTo(value, 3)) }],
    });
  });

  it('does not count what is seen through', async () => {
    const seen = stripes({ '#c02020': 0.25, '#20c020': 0.75 }, 4);
    for (let i = 0; i < seen.data.length; i += 4) if (seen.data[i] === 0x20) seen.data[i + 3] = 100;
    expect(await coloursOf(seen, 6)).toMatchObject({ dominant: '#c02020', palette: [{ hex: '#c02020', weight: 1 }] });
  });

  it('gives flat colours exactly, with their shares, largest first', async () => {
    const { palette: colours, dominant } = await coloursOf(stripes({ '#0057b7': 0.3, '#ffd700': 0.6, '#ffffff': 0.1 }), 6);
    expect(colours.map(({ hex, weight }) => [hex, weight])).toEqual([
      ['#ffd700', 0.6],
      ['#0057b7', 0.3],
      ['#ffffff', 0.1],
    ]);
    expect(dominant).toBe('#ffd700');
  });

  // Vibrant's median cut stops at the first box that it cannot split: a large flat ground would leave one mean of the rest.
  it('finds the colours of a logo on a ground that fills nearly all', async () => {
    const logo = { '#ffffff': 0.9, '#d01010': 0.025, '#10a010': 0.025, '#1010d0': 0.025, '#101010': 0.025 };
    expect(hexes((await coloursOf(stripes(logo), 6)).palette).sort()).toEqual(Object.keys(logo).sort());
  });

  it('gives Vibrant a copy: the shared pixels stay as they are', async () => {
    for (const channels of [3, 4] as const) {
      const pixels = stripes({ '#0057b7': 0.5, '#ffd700': 0.5 }, channels);
      const before = Buffer.from(pixels.data);
      await coloursOf(pixels, 6);
      expect(pixels.data.equals(before)).toBe(true);
    }
  });

  it('tells near-duplicates as one colour', async () => {
    const { palette: colours } = await coloursOf(stripes({ '#3060a0': 0.4, '#3262a2': 0.3, '#2e5e9e': 0.2, '#f0e0d0': 0.1 }), 6);
    expect(colours.map(({ weight }) => weight)).toEqual([0.9, 0.1]);
  });

  it('leaves specks out', async () => {
    const { palette: colours } = await coloursOf(stripes({ '#3060a0': 0.9975, '#ff0000': 0.0025 }), 6);
    expect(hexes(colours)).toEqual(['#3060a0']);
    expect(sum(colours)).toBe(1);
  });

  it('keeps a small accent that is unlike all else, over one more shade of the same', async () => {
    const shades = {
      '#203040': 0.14,
      '#28405a': 0.14,
      '#305070': 0.14,
      '#386088': 0.14,
      '#4070a0': 0.14,
      '#5080b0': 0.14,
      '#6090c0': 0.14,
      '#ff2020': 0.02,
    };
    expect(hexes((await coloursOf(stripes(shades), 6)).palette)).toContain('#ff2020');
  });

  it('calls dominant the colour most of the picture is like, in all its shades, not the largest single one', async () => {
    const blues = { '#7a4a20': 0.28, '#4c86c6': 0.26, '#78aade': 0.24, '#2a64a4': 0.22 };
    const { dominant, palette: colours } = await coloursOf(stripes(blues), 6);
    expect(hexes(colours)[0]).toBe('#7a4a20');
    expect(dominant).toBe('#4c86c6');
  });

  it('is not drawn to what is most vivid', async () => {
    expect((await coloursOf(stripes({ '#b0b0a8': 0.8, '#ff0040': 0.2 }), 6)).dominant).toBe('#b0b0a8');
  });

  it.each([1, 2, 5, 16])('gives at most %d swatches, whose shares make up the whole', async (swatches) => {
    const { outputs } = await enrichOnce(palette, samples[3]!, { config: { swatches } });
    const colours = outputs.palette as PaletteColor[];
    expect(colours.length).toBeGreaterThan(0);
    expect(colours.length).toBeLessThanOrEqual(swatches);
    expect(sum(colours)).toBeCloseTo(1, 3);
    expect(hexes(colours)).toContain(outputs.dominant);
    expect(new Set(hexes(colours)).size).toBe(colours.length);
  });

  it('leaves the smallest out where fewer are asked for, rather than mix unlike colours', async () => {
    const { palette: colours } = await coloursOf(stripes({ '#d01010': 0.5, '#10a010': 0.3, '#1010d0': 0.2 }), 1);
    expect(colours).toMatchObject([{ hex: '#d01010', weight: 1 }]);
  });

  it('counts what was left out to the colour it is nearest to, and puts the largest first again', async () => {
    const { palette: colours } = await coloursOf(stripes({ '#d01010': 0.4, '#2040a0': 0.32, '#5070d0': 0.28 }), 2);
    expect(colours).toMatchObject([
      { hex: '#2040a0', weight: 0.6 },
      { hex: '#d01010', weight: 0.4 },
    ]);
  });

  it('sees the same colours however large the picture is', async () => {
    const large = await sharp(samples[0]).resize(256).raw().toBuffer({ resolveWithObject: true });
    const small = await sharp(samples[0]).resize(128).raw().toBuffer({ resolveWithObject: true });
    const [a, b] = await Promise.all(
      [large, small].map(({ data, info }) => coloursOf({ data, width: info.width, height: info.height, channels: 3 }, 6)),
    );
    expect(b!.palette[0]!.weight).toBeCloseTo(a!.palette[0]!.weight, 1);
    b!.palette[0]!.oklab.forEach((value, i) => expect(value).toBeCloseTo(a!.palette[0]!.oklab[i]!, 1));
  });

  it.each([{ swatches: 0 }, { swatches: 17 }, { colours: 6 }])('refuses the options %j', (options) => {
    expect(palette.config.safeParse(options).success).toBe(false);
  });
});
