import { scratch } from './scratch.ts';

const { fround } = Math;

/** Four sources for each place along a side, one after another, and their weights. */
interface Taps {
  from: Int32Array;
  weight: Float32Array;
}

/** Cubic interpolation (Keys 1981, a = -0.75) to half the length. */
function tapsOf(length: number): Taps {
  const half = length >> 1;
  const taps = { from: new Int32Array(4 * half), weight: new Float32Array(4 * half) };
  for (let i = 0; i < half; i++) {
    const place = (i + 0.5) * (length / half) - 0.5;
    const first = Math.floor(place) - 1;
    for (let k = 0; k < 4; k++) {
      const distance = Math.abs(place - (first + k));
      const near = (1.25 * distance - 2.25) * distance ** 2 + 1;
      const far = -0.75 * (((distance - 5) * distance + 8) * distance - 4);
      taps.from[4 * i + k] = Math.min(length - 1, Math.max(0, first + k));
      taps.weight[4 * i + k] = distance <= 1 ? near : far;
    }
  }
  return taps;
}

const floats = (length: number) => new Float32Array(length);
const [narrowOf, halfOf] = [scratch(floats), scratch(floats)];

/** A row from `row` on to half its length, from `to` on. */
function narrowRow(levels: Float32Array, row: number, { from, weight }: Taps, into: Float32Array, to: number): void {
  for (let tap = 0; tap < from.length; tap += 4) {
    const left = fround(
      fround(weight[tap]! * levels[row + from[tap]!]!) + fround(weight[tap + 1]! * levels[row + from[tap + 1]!]!),
    );
    const three = fround(left + fround(weight[tap + 2]! * levels[row + from[tap + 2]!]!));
    into[to + (tap >> 2)] = fround(three + fround(weight[tap + 3]! * levels[row + from[tap + 3]!]!));
  }
}

/** Four rows of a plane, those at `tap`, as one of the same width, from `to` on. */
function joinRows(plane: Float32Array, width: number, { from, weight }: Taps, tap: number, into: Float32Array, to: number): void {
  const [a, b, c, d] = [width * from[tap]!, width * from[tap + 1]!, width * from[tap + 2]!, width * from[tap + 3]!];
  const [wa, wb, wc, wd] = [weight[tap]!, weight[tap + 1]!, weight[tap + 2]!, weight[tap + 3]!];
  for (let x = 0; x < width; x++) {
    const lower = fround(wc * plane[c + x]! + fround(wd * plane[d + x]!));
    into[to + x] = fround(wa * plane[a + x]! + fround(wb * plane[b + x]! + lower));
  }
}

/** The levels of a picture at half its size, added up in the order and the 32 bits of OpenCV; good until the next call. */
export function halve(levels: Float32Array, width: number, height: number): Float32Array {
  const [halfWidth, halfHeight] = [width >> 1, height >> 1];
  const narrow = narrowOf(halfWidth * height);
  const half = halfOf(halfWidth * halfHeight);
  const [columns, rows] = [tapsOf(width), tapsOf(height)];
  for (let y = 0; y < height; y++) narrowRow(levels, y * width, columns, narrow, y * halfWidth);
  for (let y = 0; y < halfHeight; y++) joinRows(narrow, halfWidth, rows, 4 * y, half, y * halfWidth);
  return half;
}
