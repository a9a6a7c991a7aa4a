import { type Label, ranked } from './labels/label.ts';
import { objectLabels } from './labels/objects.ts';
import { shapeLabels } from './labels/shape.ts';
import { toneLabels, type Tones } from './labels/tones.ts';
import { normalized } from './embedding.ts';
import type { Seen } from './thread/networks.ts';

/**
 * A face counts from this score on: set above what is none on the pictures of the README (0.72, but a dog 0.85); portraits begin
 * at 0.77.
 */
const FACE = 0.75;
/** Yellow flowers, planks and their edited copies reach 0.9; see the README. */
const REVIEW = 0.95;

const rounded = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;

export interface Judged {
  labels: string[];
  confidences: number[];
  faces: number;
  needsReview: boolean;
  reviewScore: number;
  embedding: number[];
}

/**
 * What people are told of what was seen.
 * @param size of the whole picture in pixels
 * @param least score of a thing that is named, 0–1
 */
export function judge(seen: Seen, tones: Tones, size: { width: number; height: number }, least: number): Judged {
  const labels: Label[] = ranked([
    ...shapeLabels(size.width, size.height),
    ...toneLabels(tones),
    ...objectLabels(seen.objects, least),
  ]);
  const reviewScore = rounded(seen.kinds.porn + seen.kinds.hentai);
  return {
    labels: labels.map(({ name }) => name),
    confidences: labels.map(({ confidence }) => rounded(confidence)),
    faces: seen.faces.filter(({ score }) => score >= FACE).length,
    needsReview: reviewScore >= REVIEW,
    reviewScore,
    embedding: normalized(seen.features),
  };
}
