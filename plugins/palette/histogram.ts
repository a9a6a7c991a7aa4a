import { convertRgbToOklab } from 'culori/fn';
import type { RawPixels } from '../sdk/index.ts';

/** A colour in OKLab (Ottosson 2020): L 0–1, a and b about -0.4–0.4. Equal distances look about equally far apart. */
export type Lab = readonly [l: number, a: number, b: number];
/** 8 bit sRGB. */
export type Rgb = readonly [r: number, g: number, b: number];

/** The pixels of one small cube of sRGB, and their mean. */
export interface Bin {
  rgb: Rgb;
  lab: Lab;
  /** Pixels, at least 1. */
  count: number;
}

/** A pixel with a lower alpha is seen through and does not count. Vibrant's own filter draws the line here too. */
export const OPAQUE = 125;

const BITS = 5;
const DROPPED = 8 - BITS;

export function labOf([r, g, b]: Rgb): Lab {
  const { l, a, b: yellow } = convertRgbToOklab({ r: r / 255, g: g / 255, b: b / 255 });
  return [l, a, yellow];
}

/** Square of the distance. 0.02² is about the least that an eye can tell. */
export const apart = (p: Lab, q: Lab): number => (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2;

/** Counts the opaque pixels in cubes of 8 levels a side: a few thousand colours stand for 65,000 pixels, each with its exact mean. */
export function histogram({ data, channels }: RawPixels): Bin[] {
  const size = 1 << (3 * BITS);
  const counts = new Uint32Array(size);
  const sums = new Uint32Array(size * 3);
  for (let i = 0; i + channels <= data.length; i += channels) {
    if (channels === 4 && data[i + 3]! < OPAQUE) continue;
    const r = data[i]!;
    const g = data[i + 1]!;
    const b = data[i + 2]!;
    const index = ((r >> DROPPED) << (2 * BITS)) | ((g >> DROPPED) << BITS) | (b >> DROPPED);
    counts[index]! += 1;
    sums[3 * index]! += r;
    sums[3 * index + 1]! += g;
    sums[3 * index + 2]! += b;
  }
  const bins: Bin[] = [];
  counts.forEach((count, index) => {
    if (count === 0) return;
    const rgb: Rgb = [sums[3 * index]! / count, sums[3 * index + 1]! / count, sums[3 * index + 2]! / count];
    bins.push({ rgb, lab: labOf(rgb), count });
  });
  return bins;
}
