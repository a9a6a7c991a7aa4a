import { type Lab, labOf } from '../sdk/oklab.ts';
import { SIDE } from './square.ts';

/** Cells in a row, and in a column. */
const CELLS = 4;
const EDGE = SIDE / CELLS;
/** Marks of OKLab's L. */
const lightness = [1, 3, 5, 7, 9, 11, 13, 15].map((n) => n / 16);
/** Marks of OKLab's a and b: closer where most pictures are, and none at grey. */
const tint = [-0.1, -0.06, -0.035, -0.012, 0.012, 0.035, 0.06, 0.1];

/** Mean colour of a cell. */
function cellOf(square: Uint8Array, left: number, top: number): Lab {
  const sums = [0, 0, 0];
  for (let y = top; y < top + EDGE; y++)
    for (let x = left; x < left + EDGE; x++) sums.forEach((sum, c) => (sums[c] = sum + square[3 * (y * SIDE + x) + c]!));
  const [r = 0, g = 0, b = 0] = sums.map((sum) => sum / EDGE ** 2);
  return labOf([r, g, b]);
}

/**
 * Where a picture is bright and of which tint, in 4 × 4 cells. Each value is written as how many of eight marks it passes, a bit a
 * mark, so that the number of bits that differ is the difference of values, added up.
 */
export function tonesOf(square: Uint8Array): string {
  let bits = '';
  for (let cell = 0; cell < CELLS ** 2; cell++) {
    const [l, a, b] = cellOf(square, (cell % CELLS) * EDGE, Math.floor(cell / CELLS) * EDGE);
    for (const mark of lightness) bits += l > mark ? '1' : '0';
    for (const value of [a, b]) for (const mark of tint) bits += value > mark ? '1' : '0';
  }
  return BigInt(`0b1${bits}`).toString(16).slice(1);
}
