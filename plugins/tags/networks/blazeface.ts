import { type Detection, suppress } from './boxes.ts';
import type { Network, Tensor } from './model.ts';
import { humanModel, sourceOf } from './packages.ts';

const EDGE = 256;

/** BlazeFace (Bazarevsky et al. 2019), the model for faces further away. */
export const blazeface: Network = {
  name: 'blazeface',
  source: () => sourceOf('@vladmandic/human'),
  load: () => humanModel('blazeface'),
  input: { edge: EDGE, scale: 1 / 127.5, offset: -1 },
  outputs: ['Identity', 'Identity_1', 'Identity_2', 'Identity_3'],
};

/** Two grids lie over the input, whose cells have so many anchors each. */
const GRIDS = [
  { stride: EDGE / 16, each: 2 },
  { stride: EDGE / 8, each: 6 },
] as const;
/** The numbers of an anchor: the face's middle as seen from it, width, height, then six points that nobody asks for. */
const NUMBERS = 16;
const FLOOR = 0.1;
const MOST_OVERLAP = 0.3;

/** Middles of the anchors, in pixels of the input. */
export function anchors(): { x: number; y: number }[] {
  return GRIDS.flatMap(({ stride, each }) => {
    const cells = EDGE / stride;
    return Array.from({ length: cells * cells * each }, (_, index) => {
      const cell = Math.floor(index / each);
      return { x: ((cell % cells) + 0.5) * stride, y: (Math.floor(cell / cells) + 0.5) * stride };
    });
  });
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * Faces, best first.
 * @param scores of the two grids, [1, anchors, 1], before the sigmoid
 * @param places of the two grids, [1, anchors, 16]
 */
export function decodeFaces(scores: readonly [Tensor, Tensor], places: readonly [Tensor, Tensor]): Detection[] {
  const all = anchors();
  const first = scores[0].data.length;
  const found = all.flatMap(({ x, y }, index): Detection[] => {
    const [grid, at] = index < first ? [0, index] : [1, index - first];
    const score = sigmoid(scores[grid]!.data[at]!);
    if (score < FLOOR) return [];
    const { data } = places[grid]!;
    const [dx, dy, width, height] = data.subarray(NUMBERS * at, NUMBERS * at + 4) as unknown as [number, number, number, number];
    const [left, top] = [x + dx - width / 2, y + dy - height / 2];
    return [{ kind: 0, score, box: { left, top, right: left + width, bottom: top + height } }];
  });
  return suppress(found, MOST_OVERLAP);
}
