import type { Detection } from '../networks/boxes.ts';
import { COCO } from '../networks/coco.ts';
import type { Label } from './label.ts';

/**
 * Classes that have to be surer than others. The network sees cakes, umbrellas and vases in anything round, pleated or symmetrical,
 * birds in what is light before dark leaves, sheep and cows in stones on a slope, clocks on circuit boards, a dog in a cat's face.
 */
const FLOORS: Readonly<Record<string, number>> = {
  bird: 0.55,
  cake: 0.6,
  clock: 0.6,
  cow: 0.55,
  dog: 0.485,
  sheep: 0.55,
  umbrella: 0.6,
  vase: 0.6,
};

/**
 * The kinds of things in the picture, each as sure as its best detection.
 * @param least score from which a detection counts
 */
export function objectLabels(objects: readonly Detection[], least: number): Label[] {
  const best = new Map<string, number>();
  for (const { kind, score } of objects) {
    const name = COCO[kind];
    if (name !== undefined && score >= Math.max(least, FLOORS[name] ?? 0)) best.set(name, Math.max(score, best.get(name) ?? 0));
  }
  return [...best].map(([name, confidence]) => ({ name, confidence }));
}
