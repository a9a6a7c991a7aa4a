import type { RawPixels } from '../sdk/index.ts';
import { lumaLevel, onWhite } from '../sdk/pixels.ts';
import { scratch } from './scratch.ts';

/** A rectangle of pixels, in pixels of the picture it is cut from. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** One channel of 8 bit levels, rows from the top, no padding. `data` may be longer than the picture: it is used again. */
export interface Plane {
  data: Uint8Array;
  width: number;
  height: number;
}

/** Writes the luma of a region, in the whole numbers that OpenCV gives. What is seen through shows the white of a page. */
export function writeLuma({ data, width, channels }: RawPixels, region: Region, into: Uint8Array): void {
  let to = 0;
  for (let y = region.top; y < region.top + region.height; y++) {
    let from = (y * width + region.left) * channels;
    for (let x = 0; x < region.width; x++, from += channels, to++) {
      const level = lumaLevel(data[from]!, data[from + 1]!, data[from + 2]!);
      into[to] = channels === 3 ? level : onWhite(level, data[from + 3]!);
    }
  }
}

const bytes = scratch((length) => new Uint8Array(length));

/** Luma of the whole picture, good until the next call. */
export function lumaOf(pixels: RawPixels): Plane {
  const { width, height } = pixels;
  const data = bytes(width * height);
  writeLuma(pixels, { left: 0, top: 0, width, height }, data);
  return { data, width, height };
}
