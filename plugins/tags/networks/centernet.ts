import { type Detection, suppress } from './boxes.ts';
import type { Network, Tensor } from './model.ts';
import { humanModel, sourceOf } from './packages.ts';

/** Objects as points (Zhou, Wang, Krähenbühl 2019) on MobileNetV3, trained on COCO: github.com/610265158/mobilenetv3_centernet */
export const centernet: Network = {
  name: 'centernet',
  source: () => sourceOf('@vladmandic/human'),
  load: () => humanModel('centernet'),
  input: { edge: 512, scale: 1, offset: 0 },
  outputs: ['tower_0/keypoints', 'tower_0/wh'],
};

/** Pixels of the input for one cell of the heat map. */
const STRIDE = 4;
/** Below it nothing is looked at: thresholds that mean something are well above. */
const FLOOR = 0.1;
const MOST_OVERLAP = 0.5;

/** Whether no neighbour of the same class is hotter: the 3 × 3 maximum that CenterNet has in place of suppression. */
function isPeak(heat: Tensor, row: number, column: number, kind: number): boolean {
  const [, rows, columns, kinds] = heat.shape as [number, number, number, number];
  const score = heat.data[(row * columns + column) * kinds + kind]!;
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      if (heat.data[(y * columns + x) * kinds + kind]! > score) return false;
    }
  }
  return true;
}

/**
 * What is where, best first.
 * @param heat [1, rows, columns, kinds]: how sure it is, 0–1, that the middle of such a thing is in that cell
 * @param sides [1, rows, columns, 4]: pixels from that middle to the left, the top, the right and the bottom
 */
export function decodeObjects(heat: Tensor, sides: Tensor): Detection[] {
  const [, , columns, kinds] = heat.shape as [number, number, number, number];
  const found: Detection[] = [];
  for (let at = 0; at < heat.data.length; at++) {
    const score = heat.data[at]!;
    if (score < FLOOR) continue;
    const kind = at % kinds;
    const cell = (at - kind) / kinds;
    const column = cell % columns;
    const row = (cell - column) / columns;
    if (!isPeak(heat, row, column, kind)) continue;
    const [left, top, right, bottom] = sides.data.subarray(4 * cell, 4 * cell + 4) as unknown as [number, number, number, number];
    const [x, y] = [column * STRIDE, row * STRIDE];
    found.push({ kind, score, box: { left: x - left, top: y - top, right: x + right, bottom: y + bottom } });
  }
  return suppress(found, MOST_OVERLAP);
}
