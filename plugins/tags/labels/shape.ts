import type { Label } from './label.ts';

/** How far a ratio may be from that of its class, as a share: rounding to pixels and cropping to codecs' blocks stay below. */
const TOLERANCE = 0.01;

/** Longer by shorter side. What is sold as ultrawide, 21:9, is one of several ratios. */
const CLASSES: readonly { name: string; ratios: readonly number[] }[] = [
  { name: '5:4', ratios: [5 / 4] },
  { name: '4:3', ratios: [4 / 3] },
  { name: '3:2', ratios: [3 / 2] },
  { name: '16:10', ratios: [16 / 10] },
  { name: '5:3', ratios: [5 / 3] },
  { name: '16:9', ratios: [16 / 9] },
  { name: '2:1', ratios: [2] },
  { name: 'ultrawide', ratios: [21 / 9, 64 / 27, 43 / 18, 12 / 5] },
  { name: '32:9', ratios: [32 / 9] },
];

const apart = (ratio: number, other: number): number => Math.abs(ratio / other - 1);

/** The class of a picture's sides, whichever way it stands: 1080 × 1920 is 16:9 too. Nothing where none is within 1 %. */
export function aspectClass(width: number, height: number): string | undefined {
  const ratio = Math.max(width, height) / Math.min(width, height);
  const near = CLASSES.flatMap(({ name, ratios }) => ratios.map((other) => ({ name, distance: apart(ratio, other) })))
    .filter(({ distance }) => distance <= TOLERANCE)
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.name;
}

export function orientation(width: number, height: number): 'square' | 'landscape' | 'portrait' {
  if (apart(width, height) <= TOLERANCE) return 'square';
  return width > height ? 'landscape' : 'portrait';
}

/** What the sides alone say, which is sure. @param width pixels @param height pixels */
export function shapeLabels(width: number, height: number): Label[] {
  const names = [orientation(width, height), aspectClass(width, height)];
  return names.filter((name) => name !== undefined).map((name) => ({ name, confidence: 1 }));
}
