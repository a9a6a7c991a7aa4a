import { rgbaToThumbHash } from 'thumbhash';
import type { RawPixels } from '../sdk/index.ts';

/** The pixels with an alpha channel, in a copy where they have none. */
function withAlpha({ data, width, height, channels }: RawPixels): Uint8Array {
  if (channels === 4) return data;
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) rgba.set(data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  return rgba;
}

/** The mean of the sRGB levels, each pixel as much as it is seen; white, as on a page, where nothing is. */
function average(rgba: Uint8Array): string {
  let [red, green, blue, seen] = [0, 0, 0, 0];
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3]!;
    red += rgba[at]! * alpha;
    green += rgba[at + 1]! * alpha;
    blue += rgba[at + 2]! * alpha;
    seen += alpha;
  }
  if (seen === 0) return '#ffffff';
  return `#${Buffer.from([red, green, blue].map((sum) => Math.round(sum / seen))).toString('hex')}`;
}

/** The placeholder of a picture of at most 100 × 100 pixels. */
export function placeholderOf(pixels: RawPixels): { thumbhash: string; averageColor: string } {
  const rgba = withAlpha(pixels);
  const hash = rgbaToThumbHash(pixels.width, pixels.height, rgba);
  return { thumbhash: Buffer.from(hash).toString('base64'), averageColor: average(rgba) };
}
