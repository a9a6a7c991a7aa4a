/** 8 bit sRGB. A mean of such colours need not be whole. */
export type Rgb = readonly [r: number, g: number, b: number];

const { round } = Math;

/**
 * Luma of 8 bit sRGB, 0–255: the weights of ITU-R BT.601 (0.299, 0.587, 0.114) as whole numbers of 2^-15, rounded to the nearest
 * level, as OpenCV has them.
 */
export const lumaLevel = (r: number, g: number, b: number): number => (r * 9798 + g * 19_235 + b * 3735 + 16_384) >> 15;

/** An 8 bit level of this alpha, 0–255, before the white of a page. */
export const onWhite = (level: number, alpha: number): number => 255 - round(((255 - level) * alpha) / 255);

const BITS = 5;
const DROPPED = 8 - BITS;
const MASK = (1 << BITS) - 1;

/** How many cubes of 8 levels a side sRGB is cut into. */
export const CUBES = 1 << (3 * BITS);

/** Index of the cube that a colour of whole 8 bit levels lies in, below `CUBES`. */
export const cubeOf = (r: number, g: number, b: number): number =>
  ((r >> DROPPED) << (2 * BITS)) | ((g >> DROPPED) << BITS) | (b >> DROPPED);

/** The colour in the middle of a cube. */
export function middleOf(cube: number): Rgb {
  const level = (shift: number): number => (((cube >> shift) & MASK) << DROPPED) + (1 << (DROPPED - 1));
  return [level(2 * BITS), level(BITS), level(0)];
}
