import type { Tone } from './tone.ts';

// The middles, widths, powers and weights below were set by hand and by search: README.md, "Does it fall when a picture gets worse?".

/** All that is measured of a picture. */
export interface Measures extends Tone {
  /** 0 (best) to 100; undefined where the picture is too small. */
  brisque: number | undefined;
  /** Energy of fine detail in levels², in the fine and in the coarse view. */
  fineDetail: number;
  coarseDetail: number;
  /** Standard deviation of noise in levels. */
  noise: number;
  /** How much larger differences are on the lines of JPEG's grid than between them, and those between them, in levels. */
  blockStep: number;
  gaps: number;
}

/** Each 0–1, higher is better. */
export interface Parts {
  naturalness: number;
  sharpness: number;
  noise: number;
  blockiness: number;
  exposure: number;
  contrast: number;
}

/** From 0 to 1 around `middle`, in about four times `width`. */
const rising = (value: number, middle: number, width: number): number => 1 / (1 + Math.exp((middle - value) / width));
/** From 1 to 0 as a value, 0 at least, goes past `middle`; the higher the power, the flatter it begins. */
const falling = (value: number, middle: number, power: number): number => 1 / (1 + (value / middle) ** power);
/** From `least` to 1, so that nothing alone makes all the rest worthless. */
const atLeast = (least: number, share: number): number => least + (1 - least) * share;

/**
 * Fine detail against the contrast of the whole picture, both as energies: that of light and dark cancels out, so that more light
 * does not look sharper. On a logarithmic scale, since an eye sees ratios.
 */
function sharpnessOf({ fineDetail, coarseDetail, deviation }: Measures): number {
  const whole = deviation ** 2 / 4 + 60;
  const fine = Math.log(fineDetail / whole + 0.006);
  const coarse = Math.log(coarseDetail / whole + 0.006);
  return atLeast(0.05, rising(0.55 * fine + 0.45 * coarse, -1.8, 1.5));
}

/** The strongest light a picture has, and how much of it is burnt out (see `toneOf`). */
const exposureOf = ({ whitePoint, highlights }: Tone): number =>
  (rising(whitePoint, 110, 20) / rising(255, 110, 20)) * (1 - 0.9 * highlights);

/** Contrast after Peli (1990), as the standard deviation against the mean: light that only lifts the whole takes from it. */
const contrastOf = ({ mean, deviation }: Tone): number => 1 - Math.exp(-((deviation / (mean + 24) / 0.18) ** 1.4));

/** A step of this many levels is not seen, and is in most JPEGs. */
const UNSEEN_STEP = 0.35;
/** Differences between the lines hide a step the better the larger they are; this many levels are added to them. */
const HIDING = 2.5;

const blocksOf = ({ blockStep, gaps }: Measures): number => Math.max(0, blockStep - UNSEEN_STEP) / (gaps + HIDING);

export const partsOf = (measures: Measures): Parts => ({
  // It was trained on photographs: of screens and drawings it says what it likes, and may not outweigh the rest.
  naturalness: atLeast(0.6, 1 - rising(measures.brisque ?? 100, 75, 7)),
  sharpness: sharpnessOf(measures),
  noise: falling(measures.noise, 6, 1.7),
  blockiness: falling(blocksOf(measures), 0.22, 2.5),
  exposure: exposureOf(measures),
  contrast: contrastOf(measures),
});

/** How much each part counts, in shares. */
const WEIGHTS: Record<keyof Parts, number> = {
  naturalness: 0.12,
  sharpness: 0.23,
  noise: 0.16,
  blockiness: 0.11,
  exposure: 0.29,
  contrast: 0.09,
};
/** A part below this counts as this. */
const LEAST = 0.02;
/** Spreads the mean, so that good photographs have about 60 to 95 and those that are spoilt badly less than 40. */
const SPREAD = 2;

/** The weighted geometric mean of the parts, spread over 0–100: what is bad in one way is not made good by the others. */
export function scoreOf(parts: Parts): number {
  const names = Object.keys(WEIGHTS) as (keyof Parts)[];
  const logarithm = names.reduce((sum, name) => sum + WEIGHTS[name] * Math.log(Math.max(LEAST, parts[name])), 0);
  return 100 * Math.exp(SPREAD * logarithm);
}
