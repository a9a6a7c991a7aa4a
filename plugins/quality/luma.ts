import type { RawPixels } from '../sdk/index.ts';

const { round } = Math;

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

/**
 * Writes the luma of a region (ITU-R BT.601 on sRGB levels, in the whole numbers that OpenCV uses, so that both see the same
 * picture). What is seen through shows the white of a page.
 */
export function writeLuma({ data, width, channels }: RawPixels, region: Region, into: Uint8Array): void {
  let to = 0;
  for (let y = region.top; y < region.top + region.height; y++) {
    let from = (y * width + region.left) * channels;
    for (let x = 0; x < region.width; x++, from += channels, to++) {
      const level = (data[from]! * 9798 + data[from + 1]! * 19_235 + data[from + 2]! * 3735 + 16_384) >> 15;
      into[to] = channels === 3 ? level : onWhite(level, data[from + 3]!);
    }
  }
}

/** A level of this alpha, both 0–255, before white. */
export const onWhite = (level: number, alpha: number): number => 255 - round(((255 - level) * alpha) / 255);

/** Memory that is used again from picture to picture and grows to the largest. Its content is of no one after a call. */
export function scratch<T>(make: (length: number) => T & { length: number }): (length: number) => T {
  let kept = make(0);
  return (length) => {
    if (kept.length < length) kept = make(length);
    return kept;
  };
}

const bytes = scratch((length) => new Uint8Array(length));

/** Luma of the whole picture, good until the next call. */
export function lumaOf(pixels: RawPixels): Plane {
  const { width, height } = pixels;
  const data = bytes(width * height);
  writeLuma(pixels, { left: 0, top: 0, width, height }, data);
  return { data, width, height };
}
