import { readFileSync } from 'node:fs';
import type { Plane } from './luma.ts';
import { sceneStatistics } from './scene-statistics.ts';

const FEATURES = 36;

/**
 * The support vector regression that was trained on the LIVE database (see NOTICE). The file holds 32 bit floats, little
 * endian: gamma, rho, the least and the greatest of each feature, then of each support vector its weight and its 36 values.
 */
interface Model {
  gamma: number;
  rho: number;
  least: Float32Array;
  greatest: Float32Array;
  vectors: Float32Array;
}

let loaded: Model | undefined;

function model(): Model {
  if (loaded) return loaded;
  const file = readFileSync(new URL('./brisque-live.f32', import.meta.url));
  const floats = Float32Array.from({ length: file.length / 4 }, (_, i) => file.readFloatLE(4 * i));
  const [gamma = 0, rho = 0] = floats;
  const least = floats.subarray(2, 2 + FEATURES);
  const greatest = floats.subarray(2 + FEATURES, 2 + 2 * FEATURES);
  return (loaded = { gamma, rho, least, greatest, vectors: floats.subarray(2 + 2 * FEATURES) });
}

/** Square of the distance of the vector from `at` on. */
function apart(vectors: Float32Array, at: number, scaled: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < FEATURES; i++) sum += (vectors[at + i]! - scaled[i]!) ** 2;
  return sum;
}

/** How unlike a natural picture the features are, by the opinions of the people asked for LIVE: 0 (best) to 100. */
function opinionOf(features: Float32Array): number {
  const { gamma, rho, least, greatest, vectors } = model();
  const scaled = features.map((value, i) => -1 + (2 * (value - least[i]!)) / (greatest[i]! - least[i]!));
  let sum = -rho;
  for (let at = 0; at < vectors.length; at += 1 + FEATURES) {
    sum += vectors[at]! * Math.exp(-gamma * apart(vectors, at + 1, scaled));
  }
  return Math.min(100, Math.max(0, sum));
}

/** BRISQUE (Mittal, Moorthy and Bovik 2012), 0 (best) to 100; undefined for a picture of less than 16 px. */
export function brisque(luma: Plane): number | undefined {
  const features = sceneStatistics(luma);
  return features && opinionOf(features);
}
