import { convertRgbToOklab } from 'culori/fn';
import type { RawPixels } from '../../sdk/index.ts';
import { type BasicColour, colourName, GREY } from './colour-names.ts';
import type { Label } from './label.ts';

/** What the pixels of a picture are like, all together. */
export interface Tones {
  /** Mean lightness in OKLab, 0–1. */
  lightness: number;
  /** Share of pixels, 0–1, whose colour an eye can tell from grey. */
  coloured: number;
  /** Shares of pixels by the name of their colour; those without a name are in none. */
  shares: ReadonlyMap<BasicColour, number>;
}

/** Longer edge of the still that is enough for this. */
export const TONES_EDGE = 256;

/** Colours are looked up in cubes of 8 levels a side, by their middles. */
const BITS = 5;
const DROPPED = 8 - BITS;
const HALF = 1 << (DROPPED - 1);

interface Cube {
  lightness: number;
  coloured: boolean;
  name: BasicColour | undefined;
}
const cubes: (Cube | undefined)[] = [];

function cubeOf(index: number): Cube {
  const level = (shift: number): number => ((((index >> shift) & ((1 << BITS) - 1)) << DROPPED) + HALF) / 255;
  const lab = convertRgbToOklab({ r: level(2 * BITS), g: level(BITS), b: level(0) });
  return { lightness: lab.l, coloured: Math.hypot(lab.a, lab.b) > GREY, name: colourName(lab) };
}

/** Looks at every pixel; what is transparent is white, as on a page. */
export function tonesOf({ data, channels }: RawPixels): Tones {
  const counts = new Map<number, number>();
  for (let at = 0; at + channels <= data.length; at += channels) {
    const alpha = channels === 4 ? data[at + 3]! / 255 : 1;
    const onWhite = (offset: number): number => Math.round(data[at + offset]! * alpha + 255 * (1 - alpha)) >> DROPPED;
    const index = (onWhite(0) << (2 * BITS)) | (onWhite(1) << BITS) | onWhite(2);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  const pixels = data.length / channels;
  const shares = new Map<BasicColour, number>();
  let [lightness, coloured] = [0, 0];
  for (const [index, count] of counts) {
    const cube = (cubes[index] ??= cubeOf(index));
    const share = count / pixels;
    lightness += cube.lightness * share;
    if (cube.coloured) coloured += share;
    if (cube.name) shares.set(cube.name, (shares.get(cube.name) ?? 0) + share);
  }
  return { lightness, coloured, shares };
}

const DARK = 0.3;
const BRIGHT = 0.85;
/** Of the pixels may have colour in a picture that has none: noise, and the fringes that lenses and JPEG draw. */
const STRAY = 0.01;
/** A colour is named from this share of the picture on. */
const NAMED = 0.2;
const MOST_NAMED = 3;

/** Dark or bright, without colours, and the names of the most common ones, of which the share is the confidence. */
export function toneLabels({ lightness, coloured, shares }: Tones): Label[] {
  const sure = [
    ...(lightness < DARK ? ['dark'] : []),
    ...(lightness > BRIGHT ? ['bright'] : []),
    ...(coloured < STRAY ? ['monochrome'] : []),
  ];
  const named = [...shares]
    .map(([name, share]) => ({ name, confidence: Math.min(1, Math.round(share * 1000) / 1000) }))
    .filter(({ confidence }) => confidence >= NAMED)
    .toSorted((a, b) => b.confidence - a.confidence)
    .slice(0, MOST_NAMED);
  return [...sure.map((name) => ({ name, confidence: 1 })), ...named];
}
