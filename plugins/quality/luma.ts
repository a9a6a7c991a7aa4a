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

/** Writes the luma of pixels of a row, from byte `from` on. */
function writeRow({ data, channels }: RawPixels, from: number, length: number, into: Uint8Array, to: number): void {
  for (let x = 0, at = from; x < length; x++, at += channels) {
    const level = lumaLevel(data[at]!, data[at + 1]!, data[at + 2]!);
    into[to + x] = channels === 3 ? level : onWhite(level, data[at + 3]!);
  }
}

/** Writes the luma of a region, in the whole numbers that OpenCV gives. What is seen through shows the white of a page. */
export function writeLuma(pixels: RawPixels, { left, top, width, height }: Region, into: Uint8Array): void {
  for (let y = 0; y < height; y++) writeRow(pixels, ((top + y) * pixels.width + left) * pixels.channels, width, into, y * width);
}

const bytes = scratch((length) => new Uint8Array(length));

/** Luma of the whole picture, good until the next call. */
export function lumaOf(pixels: RawPixels): Plane {
  const { width, height } = pixels;
  const data = bytes(width * height);
  writeLuma(pixels, { left: 0, top: 0, width, height }, data);
  return { data, width, height };
}
