import { fit, meanOf, type Moments, noMoments } from './gaussian.ts';
import { halve } from './halve.ts';
import type { Plane } from './luma.ts';
import { scratch } from './scratch.ts';

/** Below this many pixels on the shorter side there is too little to count. */
const LEAST_SIDE = 16;

// The loops over pixels are functions of one row each. V8 compiles what is called often and keeps it; a loop over a whole picture is run
// once, mostly uncompiled, where each sum makes a number on the heap: that was half the time, and 50 collections a picture.

// Taken from the global object once: in jest's sandbox each look-up there is slow.
const { abs, fround, max, min, sqrt } = Math;
const SMALL = fround(1 / 255);

/** Gaussian of 7 taps, sigma 7/6, from its middle outwards. */
const [k0, k1, k2, k3] = ((): [number, number, number, number] => {
  const raw = [0, 1, 2, 3].map((x) => Math.exp(-(x * x) / (2 * (7 / 6) ** 2)));
  const sum = 2 * raw.reduce((total, tap) => total + tap, 0) - raw[0]!;
  return raw.map((tap) => fround(tap / sum)) as [number, number, number, number];
})();

const floats = (length: number) => new Float32Array(length);
const [planeOf, meansOf, squaresOf, rowOf, squareRowOf, blurredOf, blurredSquaresOf, normalOf] = [
  scratch(floats),
  scratch(floats),
  scratch(floats),
  scratch(floats),
  scratch(floats),
  scratch(floats),
  scratch(floats),
  scratch(floats),
];

/**
 * Blurs one row sideways. `row` has three values more on both sides. As in OpenCV the sum is made in 32 bits and in this order: in
 * flat areas, which JPEG makes, the rounding alone decides whether a pixel counts as above or below its surroundings.
 */
function blurAcross(row: Float32Array, width: number, into: Float32Array, at: number): void {
  for (let x = 0; x < width; x++) {
    let sum = fround(k3 * row[x]!);
    sum = fround(k2 * row[x + 1]! + sum);
    sum = fround(k1 * row[x + 2]! + sum);
    sum = fround(k0 * row[x + 3]! + sum);
    sum = fround(k1 * row[x + 4]! + sum);
    sum = fround(k2 * row[x + 5]! + sum);
    into[at + x] = fround(k3 * row[x + 6]! + sum);
  }
}

/** Row `y` of a plane blurred downwards. Past an edge the edge goes on, as it does sideways. */
function blurDown(plane: Float32Array, width: number, height: number, y: number, into: Float32Array): void {
  const last = height - 1;
  const [a, b, c] = [width * max(0, y - 3), width * max(0, y - 2), width * max(0, y - 1)];
  const [d, e, f, g] = [width * y, width * min(last, y + 1), width * min(last, y + 2), width * min(last, y + 3)];
  for (let x = 0; x < width; x++) {
    let sum = fround(k0 * plane[d + x]!);
    sum = fround(k1 * fround(plane[c + x]! + plane[e + x]!) + sum);
    sum = fround(k2 * fround(plane[b + x]! + plane[f + x]!) + sum);
    into[x] = fround(k3 * fround(plane[a + x]! + plane[g + x]!) + sum);
  }
}

/** A row of levels and their squares, with the first and the last three times more at its ends. */
function widen(levels: Float32Array, from: number, width: number, row: Float32Array, squareRow: Float32Array): void {
  for (let x = -3; x < width + 3; x++) {
    const level = levels[from + min(width - 1, max(0, x))]!;
    row[x + 3] = level;
    squareRow[x + 3] = level * level;
  }
}

/** Levels and their squares, both blurred sideways. */
function blurRows(levels: Float32Array, width: number, height: number, means: Float32Array, squares: Float32Array): void {
  const [row, squareRow] = [rowOf(width + 6), squareRowOf(width + 6)];
  for (let y = 0; y < height; y++) {
    widen(levels, y * width, width, row, squareRow);
    blurAcross(row, width, means, y * width);
    blurAcross(squareRow, width, squares, y * width);
  }
}

/** A row of levels by the mean and the deviation of what is around each. */
function normalise(
  levels: Float32Array,
  from: number,
  width: number,
  mean: Float32Array,
  square: Float32Array,
  into: Float32Array,
  at: number,
): void {
  for (let x = 0; x < width; x++) {
    const variance = fround(square[x]! - fround(mean[x]! * mean[x]!));
    const deviation = fround(sqrt(variance) + SMALL);
    // Rounding can make the variance of a flat area less than nothing; OpenCV counts 0 there.
    into[at + x] = variance >= 0 ? fround(levels[from + x]! - mean[x]!) / deviation : 0;
  }
}

/** Adds the products of two rows, `a` from `fromA` on and `b` from `fromB` on. */
function tally(to: Moments, a: Float32Array, fromA: number, b: Float32Array, fromB: number, length: number): void {
  let [negative, positive, squares, signed, absolute] = [0, 0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const value = a[fromA + i]! * b[fromB + i]!;
    const size = abs(value);
    // Numbers, not branches: no processor foresees which side of 0 a product is on.
    negative += +(value < 0);
    positive += +(value > 0);
    squares += value * value;
    signed += value * size;
    absolute += size;
  }
  to.count += length;
  to.negative += negative;
  to.positive += positive;
  to.negativeSquares += (squares - signed) / 2;
  to.positiveSquares += (squares + signed) / 2;
  to.absolute += absolute;
}

/** The 18 features of one scale. Levels are 0–1. */
function featuresOfScale(levels: Float32Array, width: number, height: number): number[] {
  const [means, squares] = [meansOf(width * height), squaresOf(width * height)];
  blurRows(levels, width, height, means, squares);
  const [mean, square] = [blurredOf(width), blurredSquaresOf(width)];
  // Normalised levels of two rows, and ones to multiply them by where they stand alone.
  const normal = normalOf(3 * width).fill(1);
  const ones = 2 * width;
  const [alone, across, down, falling, rising] = [noMoments(), noMoments(), noMoments(), noMoments(), noMoments()];
  for (let y = 0; y < height; y++) {
    const row = y % 2 === 0 ? 0 : width;
    const above = width - row;
    blurDown(means, width, height, y, mean);
    blurDown(squares, width, height, y, square);
    normalise(levels, y * width, width, mean, square, normal, row);
    tally(alone, normal, row, normal, ones, width);
    tally(across, normal, row, normal, row + 1, width - 1);
    if (y === 0) continue;
    tally(down, normal, above, normal, row, width);
    tally(falling, normal, above, normal, row + 1, width - 1);
    tally(rising, normal, row, normal, above + 1, width - 1);
  }
  // Neighbours outside the picture count as 0.
  for (const moments of [across, down, falling, rising]) moments.count = alone.count;
  const { shape, left, right } = fit(alone);
  const pairs = [across, down, falling, rising].map(fit);
  return [
    shape,
    (left ** 2 + right ** 2) / 2,
    ...pairs.flatMap((pair) => [pair.shape, meanOf(pair), pair.left ** 2, pair.right ** 2]),
  ];
}

/** A row of 8 bit levels as 0–1. */
function lighten(data: Uint8Array, from: number, width: number, into: Float32Array): void {
  for (let i = from; i < from + width; i++) into[i] = data[i]! * SMALL;
}

/**
 * The 36 features of BRISQUE (Mittal, Moorthy and Bovik 2012): at two scales, the shape and width of the mean-subtracted,
 * contrast-normalised levels (MSCN), and those of their products with four neighbours. Undefined below 16 px.
 */
export function sceneStatistics({ data, width, height }: Plane): Float32Array | undefined {
  if (min(width, height) < LEAST_SIDE) return undefined;
  const levels = planeOf(width * height);
  for (let y = 0; y < height; y++) lighten(data, y * width, width, levels);
  const full = featuresOfScale(levels, width, height);
  return Float32Array.from([...full, ...featuresOfScale(halve(levels, width, height), width >> 1, height >> 1)]);
}
