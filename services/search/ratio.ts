/** How far a picture may be from a ratio that it is said to have: cameras and crops round to whole pixels. */
const tolerance = 0.01;

const hundredths = (ratio: number): string => (Math.round(ratio * 100) / 100).toFixed(2);

export const orientations = ['landscape', 'portrait', 'square'] as const;

/** The shape of a picture as a number: equal differences are equal shares of its ratio. */
export const shapeOf = ({ width, height }: { width: number; height: number }): number => Math.log(width / height);
/** Copies of one picture differ by no more in it: a thumbnail of 160 × 90 is rounded by half a hundredth. */
export const shapeReach = 0.03;

/** The words a picture's shape is found by: its orientation, and its ratio to two places. */
export function ratioWords(width: number, height: number): string[] {
  const ratio = width / height;
  const orientation = Math.abs(ratio - 1) <= tolerance ? 'square' : ratio > 1 ? 'landscape' : 'portrait';
  return [orientation, hundredths(ratio)];
}

/**
 * The words that mean a wished ratio: an orientation, `16x9` or `16:9`, or a number like `1.78`, within 1 %.
 * Undefined where it is none of these.
 */
export function ratioWish(wish: string): string[] | undefined {
  if ((orientations as readonly string[]).includes(wish)) return [wish];
  const [, w, h] = /^(\d{1,5}(?:\.\d{1,4})?)(?:[x:](\d{1,5}(?:\.\d{1,4})?))?$/.exec(wish) ?? [];
  const ratio = Number(w) / Number(h ?? 1);
  if (!(ratio > 0 && ratio < 1000)) return undefined;
  const words = new Set<string>();
  const reach = Math.max(tolerance * ratio, 0.005);
  for (let near = ratio - reach; near <= ratio + reach; near += 0.005) words.add(hundredths(near));
  return [...words];
}
