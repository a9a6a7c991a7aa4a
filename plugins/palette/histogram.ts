import type { RawPixels } from '../sdk/index.ts';
import { type Lab, labOf } from '../sdk/oklab.ts';
import { cubeOf, CUBES, type Rgb } from '../sdk/pixels.ts';

/** The pixels of one small cube of sRGB, and their mean. */
export interface Bin {
  rgb: Rgb;
  lab: Lab;
  /** Pixels, at least 1. */
  count: number;
}

/** A pixel with a lower alpha is seen through and does not count. Vibrant's own filter draws the line here too. */
export const OPAQUE = 125;

/** Adds the pixels from byte `from` up to `to`: a row, as V8 compiles what is called often, not what loops long. */
function count({ data, channels }: RawPixels, from: number, to: number, counts: Uint32Array, sums: Uint32Array): void {
  for (let i = from; i < to; i += channels) {
    if (channels === 4 && data[i + 3]! < OPAQUE) continue;
    const r = data[i]!;
    const g = data[i + 1]!;
    const b = data[i + 2]!;
    const index = cubeOf(r, g, b);
    counts[index]! += 1;
    sums[3 * index]! += r;
    sums[3 * index + 1]! += g;
    sums[3 * index + 2]! += b;
  }
}

/** Counts the opaque pixels in cubes of 8 levels a side: a few thousand colours stand for 65,000 pixels, each with its exact mean. */
export function histogram(pixels: RawPixels): Bin[] {
  const counts = new Uint32Array(CUBES);
  const sums = new Uint32Array(CUBES * 3);
  const row = pixels.width * pixels.channels;
  for (let y = 0; y < pixels.height; y++) count(pixels, y * row, (y + 1) * row, counts, sums);
  const bins: Bin[] = [];
  counts.forEach((pixelsOfCube, index) => {
    if (pixelsOfCube === 0) return;
    const rgb: Rgb = [sums[3 * index]! / pixelsOfCube, sums[3 * index + 1]! / pixelsOfCube, sums[3 * index + 2]! / pixelsOfCube];
    bins.push({ rgb, lab: labOf(rgb), count: pixelsOfCube });
  });
  return bins;
}
