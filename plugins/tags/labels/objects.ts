import type { Detection } from '../networks/boxes.ts';
import { COCO } from '../networks/coco.ts';
import type { Label } from './label.ts';

/** Classes that the network sees in anything round, pleated or symmetrical: they have to be surer than others. */
const FLOORS: Readonly<Record<string, number>> = { cake: 0.6, umbrella: 0.6, vase: 0.6 };

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
