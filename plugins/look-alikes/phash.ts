import { SIDE } from './square.ts';

/** Rows and columns of low frequencies that are kept: 8 × 8 bits. */
const KEPT = 8;
/**
 * What the frequencies of a picture must amount to, in grey levels (their median). Of those with more, a copy at JPEG quality 15
 * differs in 8 bits at most; of those with less, in 12 to 35, because the encoder's rounding decides the bits.
 */
const LEAST_STRUCTURE = 1;

/** Basis of the orthonormal DCT-II (Ahmed, Natarajan, Rao 1974) for the frequencies from 1 up: `basis[k][x]`. */
const basis = Array.from({ length: KEPT }, (_, k) =>
  Float64Array.from({ length: SIDE }, (__, x) => Math.sqrt(2 / SIDE) * Math.cos(((2 * x + 1) * (k + 1) * Math.PI) / (2 * SIDE))),
);

/**
 * Luma (ITU-R BT.601) of each cell, 0–255. Unlike `lumaLevel` of the sdk it is not rounded to levels: rounding would move
 * frequencies across the median, and turn bits of hashes that are stored.
 */
const greyOf = (square: Uint8Array): Float64Array =>
  Float64Array.from(
    { length: SIDE * SIDE },
    (_, i) => 0.299 * square[3 * i]! + 0.587 * square[3 * i + 1]! + 0.114 * square[3 * i + 2]!,
  );

/** The 8 × 8 lowest frequencies in both directions, without those that are constant in one of them. Row by row. */
function lowFrequencies(grey: Float64Array): Float64Array {
  const across = new Float64Array(KEPT * SIDE);
  for (let k = 0; k < KEPT; k++) for (let y = 0; y < SIDE; y++) across[k * SIDE + y] = dot(basis[k]!, grey, y * SIDE);
  const frequencies = new Float64Array(KEPT * KEPT);
  for (let row = 0; row < KEPT; row++)
    for (let k = 0; k < KEPT; k++) frequencies[row * KEPT + k] = dot(basis[row]!, across, k * SIDE);
  return frequencies;
}

function dot(wave: Float64Array, values: Float64Array, from: number): number {
  let sum = 0;
  for (let i = 0; i < SIDE; i++) sum += wave[i]! * values[from + i]!;
  return sum;
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length / 2;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The perceptual hash of a square (pHash: Zauner 2010, after Krawetz 2011): bit i says whether frequency i is above the median of
 * all 64, so that half of them are. 16 hexadecimal digits, the lowest frequency first. Undefined where the picture has too little
 * structure for bits to mean anything.
 */
export function phashOf(square: Uint8Array): string | undefined {
  const frequencies = lowFrequencies(greyOf(square));
  if (median(frequencies.map(Math.abs)) < LEAST_STRUCTURE) return undefined;
  const bar = median(frequencies);
  const bits = Array.from(frequencies, (value) => (value > bar ? 1 : 0)).join('');
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}
