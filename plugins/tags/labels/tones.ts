import type { RawPixels } from '../../sdk/index.ts';
import { labOf } from '../../sdk/oklab.ts';
import { cubeOf, middleOf, onWhite } from '../../sdk/pixels.ts';
import { type BasicColour, colourName, isColoured } from './colour-names.ts';
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

/** What is said of all colours of a cube: that of its middle. */
interface Looks {
  lightness: number;
  coloured: boolean;
  name: BasicColour | undefined;
}
/** By the index of the cube, once it was looked up. */
const known: (Looks | undefined)[] = [];

function looksOf(cube: number): Looks {
  const lab = labOf(middleOf(cube));
  return { lightness: lab[0], coloured: isColoured(lab), name: colourName(lab) };
}

/** Looks at every pixel; what is transparent is white, as on a page. */
export function tonesOf({ data, channels }: RawPixels): Tones {
  const counts = new Map<number, number>();
  for (let at = 0; at + channels <= data.length; at += channels) {
    const alpha = channels === 4 ? data[at + 3]! : 255;
    const cube = cubeOf(onWhite(data[at]!, alpha), onWhite(data[at + 1]!, alpha), onWhite(data[at + 2]!, alpha));
    counts.set(cube, (counts.get(cube) ?? 0) + 1);
  }
  const pixels = data.length / channels;
  const shares = new Map<BasicColour, number>();
  let [lightness, coloured] = [0, 0];
  for (const [cube, count] of counts) {
    const looks = (known[cube] ??= looksOf(cube));
    const share = count / pixels;
    lightness += looks.lightness * share;
    if (looks.coloured) coloured += share;
    if (looks.name) shares.set(looks.name, (shares.get(looks.name) ?? 0) + share);
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
