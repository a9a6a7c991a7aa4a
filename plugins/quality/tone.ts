import type { RawPixels } from '../sdk/index.ts';
import { lumaLevel, onWhite } from '../sdk/pixels.ts';

const { max } = Math;

/** What the levels of a picture show, wherever they are in it. */
export interface Tone {
  /** The level that the strongest channel of one pixel in 200 reaches, 0–255. */
  whitePoint: number;
  /** How near the picture is to burning out, 0–1: the mean of (level / white point)^6. */
  highlights: number;
  /** Mean and standard deviation of luma in levels. */
  mean: number;
  deviation: number;
}

/** Counts of pixels, or of levels, by level. */
type Histogram = Uint32Array;

interface Histograms {
  luma: Histogram;
  /** The strongest of a pixel's three channels. */
  strongest: Histogram;
  /** All three, so that it counts three times as many. */
  channels: Histogram;
}

const LEVELS = 256;

/** Counts the pixels from `from` up to `to`, in bytes: a row, as V8 compiles what is called often, not what loops long. */
function count({ data, channels: width }: RawPixels, from: number, to: number, { luma, strongest, channels }: Histograms): void {
  for (let i = from; i < to; i += width) {
    let [red, green, blue] = [data[i]!, data[i + 1]!, data[i + 2]!];
    if (width === 4) [red, green, blue] = [onWhite(red, data[i + 3]!), onWhite(green, data[i + 3]!), onWhite(blue, data[i + 3]!)];
    luma[lumaLevel(red, green, blue)]! += 1;
    strongest[max(red, green, blue)]! += 1;
    channels[red]! += 1;
    channels[green]! += 1;
    channels[blue]! += 1;
  }
}

function histogramsOf(pixels: RawPixels): Histograms {
  const histograms = { luma: new Uint32Array(LEVELS), strongest: new Uint32Array(LEVELS), channels: new Uint32Array(LEVELS) };
  const row = pixels.width * pixels.channels;
  for (let y = 0; y < pixels.height; y++) count(pixels, y * row, (y + 1) * row, histograms);
  return histograms;
}

const total = (histogram: Histogram): number => histogram.reduce((sum, count) => sum + count, 0);

function mean(histogram: Histogram, of: (level: number) => number): number {
  return histogram.reduce((sum, count, level) => sum + count * of(level), 0) / Math.max(1, total(histogram));
}

/** The least level that no more than this share of the counts is above. */
function levelBelow(share: number, histogram: Histogram): number {
  let above = share * total(histogram);
  for (let level = LEVELS - 1; level > 0; level--) {
    above -= histogram[level]!;
    if (above < 0) return level;
  }
  return 0;
}

/** How much of the clipping of any one channel counts, against that of all three: a red flower is red, not burnt. */
const ANY_CHANNEL = 0.4;
const STEEPNESS = 6;

/**
 * Tone by histograms. Highlights are what Guo, Cheng, Wang and Zhang (2010) call overexposed: bright, then colourless, as one
 * channel after the other reaches the end of the scale; counted softly from the middle tones on, so that each bit more light
 * counts. They are measured against the picture's own white point: a picture that is made darker after it burnt out stays so.
 */
export function toneOf(pixels: RawPixels): Tone {
  const { luma, strongest, channels } = histogramsOf(pixels);
  const whitePoint = levelBelow(0.005, strongest);
  const burnt = (level: number): number => Math.min(1, level / Math.max(1, whitePoint)) ** STEEPNESS;
  const average = mean(luma, (level) => level);
  return {
    whitePoint,
    highlights: ANY_CHANNEL * mean(strongest, burnt) + (1 - ANY_CHANNEL) * mean(channels, burnt),
    mean: average,
    deviation: Math.sqrt(mean(luma, (level) => (level - average) ** 2)),
  };
}
