import { convertRgbToOklab } from 'culori/fn';
import type { Rgb } from './pixels.ts';

/** A colour in OKLab (Ottosson 2020): L 0–1, a and b about -0.4–0.4. Equal distances look about equally far apart. */
export type Lab = readonly [l: number, a: number, b: number];

export function labOf([r, g, b]: Rgb): Lab {
  const { l, a, b: yellow } = convertRgbToOklab({ r: r / 255, g: g / 255, b: b / 255 });
  return [l, a, yellow];
}

/** Square of the distance. 0.02² is about the least that an eye can tell. */
export const apart = (p: Lab, q: Lab): number => (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2;
