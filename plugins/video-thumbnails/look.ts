import type { RawPixels } from '../sdk/index.ts';

/** What a frame is like, measured on its small size. */
export interface Look {
  /** Standard deviation of luma in levels: what a fade takes away first. */
  spread: number;
  /** Shares of pixels that are nearly black and nearly white, 0–1. */
  dark: number;
  bright: number;
  /** The largest share of pixels within 16 levels of luma, 0–1: a title card is one ground. */
  plain: number;
  /** Variance of the Laplacian of luma (Pech-Pacheco et al., ICPR 2000). */
  sharpness: number;
  /** Hasler and Süsstrunk, "Measuring colourfulness in natural images" (2003): grey 0, vivid above 60. */
  colourfulness: number;
  /** Shares of 64 colours, four levels of each channel. */
  colours: Float64Array;
}

const DARK = 24;
const BRIGHT = 235;
const PLAIN_LEVELS = 16;

/** Mean and variance of what is added. */
function moments() {
  let [count, sum, squares] = [0, 0, 0];
  return {
    add(value: number): void {
      count += 1;
      sum += value;
      squares += value * value;
    },
    mean: (): number => sum / Math.max(1, count),
    variance: (): number => Math.max(0, squares / Math.max(1, count) - (sum / Math.max(1, count)) ** 2),
  };
}

function lumaOf({ data, width, height }: RawPixels): Float32Array {
  const luma = new Float32Array(width * height);
  for (let i = 0, at = 0; i < luma.length; i++, at += 3)
    luma[i] = 0.2126 * data[at]! + 0.7152 * data[at + 1]! + 0.0722 * data[at + 2]!;
  return luma;
}

function sharpnessOf(luma: Float32Array, width: number, height: number): number {
  const edges = moments();
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, at = y * width + 1; x < width - 1; x++, at++)
      edges.add(4 * luma[at]! - luma[at - 1]! - luma[at + 1]! - luma[at - width]! - luma[at + width]!);
  }
  return edges.variance();
}

function tones(luma: Float32Array): Pick<Look, 'spread' | 'dark' | 'bright' | 'plain'> {
  const counts = new Uint32Array(256);
  const all = moments();
  for (const value of luma) {
    counts[Math.round(value)]! += 1;
    all.add(value);
  }
  const share = (from: number, to: number): number =>
    counts.subarray(from, to).reduce((sum, count) => sum + count, 0) / luma.length;
  let plain = 0;
  for (let level = 0; level + PLAIN_LEVELS <= 256; level += PLAIN_LEVELS / 4)
    plain = Math.max(plain, share(level, level + PLAIN_LEVELS));
  return { spread: Math.sqrt(all.variance()), dark: share(0, DARK), bright: share(BRIGHT, 256), plain };
}

function coloursOf({ data }: RawPixels): Pick<Look, 'colourfulness' | 'colours'> {
  const colours = new Float64Array(64);
  const [redGreen, yellowBlue] = [moments(), moments()];
  for (let at = 0; at < data.length; at += 3) {
    const r = data[at]!;
    const g = data[at + 1]!;
    const b = data[at + 2]!;
    redGreen.add(r - g);
    yellowBlue.add((r + g) / 2 - b);
    colours[((r >> 6) << 4) | ((g >> 6) << 2) | (b >> 6)]! += 3 / data.length;
  }
  const spread = Math.sqrt(redGreen.variance() + yellowBlue.variance());
  return { colourfulness: spread + 0.3 * Math.hypot(redGreen.mean(), yellowBlue.mean()), colours };
}

export function lookOf(small: RawPixels): Look {
  const luma = lumaOf(small);
  return { ...tones(luma), sharpness: sharpnessOf(luma, small.width, small.height), ...coloursOf(small) };
}
