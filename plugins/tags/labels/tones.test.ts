import type { RawPixels } from '../../sdk/index.ts';
import { labOf } from '../../sdk/oklab.ts';
import { colourName } from './colour-names.ts';
import { toneLabels, tonesOf } from './tones.ts';

/** A picture of so many pixels of each colour, in one row; colours may end in an alpha. */
function pixels(colours: Record<string, number>, channels: 3 | 4 = 3): RawPixels {
  const data = Buffer.concat(
    Object.entries(colours).map(([hex, count]) => Buffer.alloc(count * channels, Buffer.from(hex, 'hex'))),
  );
  return { data, width: data.length / channels, height: 1, channels };
}

const labels = (colours: Record<string, number>, channels?: 3 | 4) =>
  toneLabels(tonesOf(pixels(colours, channels))).map(({ name, confidence }) => [name, confidence]);

describe('colourName', () => {
  const name = (hex: string) => {
    const [r = 0, g = 0, b = 0] = Buffer.from(hex, 'hex');
    return colourName(labOf([r, g, b]));
  };

  it.each([
    ['black', '000000'],
    ['black', '15171a'],
    ['white', 'ffffff'],
    ['white', 'f6f6f2'],
    ['grey', '808080'],
    ['grey', '505356'],
    ['red', 'ff0000'],
    ['red', '8b0000'],
    ['orange', 'ff7f00'],
    ['yellow', 'ffff00'],
    ['yellow', 'f4d03f'],
    ['green', '00a000'],
    ['green', '0b3d14'],
    ['green', '9acd32'],
    ['blue', '0000ff'],
    ['blue', '001f4d'],
    ['blue', '87ceeb'],
    ['purple', '800080'],
    ['purple', '9370db'],
    ['pink', 'ffc0cb'],
    ['pink', 'ff69b4'],
    ['brown', '8b4513'],
    ['brown', '4a2c12'],
    // People would argue over these.
    [undefined, 'd2b48c'],
    [undefined, '008080'],
    [undefined, '808000'],
  ])('gives %s for #%s', (term, hex) => {
    expect(name(hex)).toBe(term);
  });
});

describe('toneLabels', () => {
  it('names colours by their share, largest first, three at most, and none below a fifth', () => {
    expect(labels({ '2040d0': 50, d01010: 31, '20a040': 19 })).toEqual([
      ['blue', 0.5],
      ['red', 0.31],
    ]);
    expect(labels({ '2040d0': 25, d01010: 25, '20a040': 25, ffe000: 25 })).toHaveLength(3);
  });

  it('adds shades of one colour up', () => {
    expect(labels({ '0a1c60': 30, '3070c0': 30, a8d4f4: 30, e01010: 10 })).toEqual([['blue', 0.9]]);
  });

  it('calls dark and bright what is so as a whole', () => {
    expect(labels({ '000000': 90, ffffff: 10 })).toContainEqual(['dark', 1]);
    expect(labels({ ffffff: 95, '000000': 5 })).toContainEqual(['bright', 1]);
    expect(labels({ '808080': 1 }).flat()).not.toEqual(expect.arrayContaining(['dark']));
    expect(labels({ '808080': 1 }).flat()).not.toEqual(expect.arrayContaining(['bright']));
  });

  it('calls monochrome what has next to no colour', () => {
    expect(labels({ '404040': 60, c0c0c0: 395, e01010: 4 })).toContainEqual(['monochrome', 1]);
    expect(labels({ '404040': 60, c0c0c0: 390, e01010: 10 })).not.toContainEqual(['monochrome', 1]);
  });

  it('sees white through what is transparent', () => {
    expect(labels({ '00000000': 1 }, 4)).toEqual([
      ['bright', 1],
      ['monochrome', 1],
      ['white', 1],
    ]);
  });
});
