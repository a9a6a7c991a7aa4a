/** Pixels of what the network was given, from its upper left corner. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Detection {
  /** Index of the class; 0 where there is but one. */
  kind: number;
  /** 0–1. */
  score: number;
  box: Box;
}

const area = ({ left, top, right, bottom }: Box): number => Math.max(0, right - left) * Math.max(0, bottom - top);

/** How much two boxes are the same: what they share by what they cover together, 0–1. */
export function overlap(a: Box, b: Box): number {
  const shared = area({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  const together = area(a) + area(b) - shared;
  return together > 0 ? shared / together : 0;
}

/**
 * Non-maximum suppression: of detections that overlap by more than `most` the best scored stays, whatever the classes are. One
 * thing is one thing: a dog that is a sheep as well is a dog. Best first.
 */
export function suppress(detections: readonly Detection[], most: number): Detection[] {
  const kept: Detection[] = [];
  for (const detection of detections.toSorted((a, b) => b.score - a.score || a.kind - b.kind)) {
    if (kept.every(({ box }) => overlap(box, detection.box) <= most)) kept.push(detection);
  }
  return kept;
}
