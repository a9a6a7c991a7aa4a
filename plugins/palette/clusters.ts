import { apart, type Lab } from '../sdk/oklab.ts';
import type { Bin } from './histogram.ts';

/** Bins that are nearer to this centre than to any other. */
export interface Cluster {
  /** Their mean, weighed by their pixels. */
  lab: Lab;
  count: number;
  bins: Bin[];
}

function cluster(bins: Bin[]): Cluster {
  let [l, a, b, count] = [0, 0, 0, 0];
  for (const bin of bins) {
    l += bin.lab[0] * bin.count;
    a += bin.lab[1] * bin.count;
    b += bin.lab[2] * bin.count;
    count += bin.count;
  }
  return { lab: [l / count, a / count, b / count], count, bins };
}

function leastApart(lab: Lab, centres: readonly Lab[]): number {
  let least = Infinity;
  for (const centre of centres) least = Math.min(least, apart(lab, centre));
  return least;
}

// Plain loops: what closures share lies on the heap, and there each distance of some hundred thousand would be a number of its own.
function nearest(lab: Lab, centres: readonly Lab[]): number {
  let best = 0;
  let least = Infinity;
  for (let index = 0; index < centres.length; index++) {
    const distance = apart(lab, centres[index]!);
    if (distance < least) {
      best = index;
      least = distance;
    }
  }
  return best;
}

/** The bins nearest to each centre, in the order of the centres. */
export function serve(bins: readonly Bin[], centres: readonly Lab[]): Bin[][] {
  const members = centres.map((): Bin[] => []);
  for (const bin of bins) members[nearest(bin.lab, centres)]?.push(bin);
  return members;
}

/** Clusters around the centres; one that no bin is nearest to has none. */
export const gather = (bins: readonly Bin[], centres: readonly Lab[]): Cluster[] =>
  serve(bins, centres)
    .filter((members) => members.length > 0)
    .map(cluster);

/**
 * Adds the bins that no centre is near to, the worst served (pixels × distance²) first, until there are `most` centres or all
 * are served. Median cut needs this: Vibrant's stops at the first box it cannot split, so that a logo on a flat ground
 * comes back as the ground and one mean of all the rest.
 */
export function cover(bins: readonly Bin[], centres: readonly Lab[], { most, near }: { most: number; near: number }): Lab[] {
  const all = [...centres];
  const distances = Float64Array.from(bins, (bin) => leastApart(bin.lab, centres));
  while (all.length < most) {
    const lab = bins[worstServed(bins, distances, near)]?.lab;
    if (!lab) break;
    all.push(lab);
    for (let index = 0; index < bins.length; index++)
      distances[index] = Math.min(distances[index]!, apart(bins[index]!.lab, lab));
  }
  return all;
}

/** Index of the bin that costs most (pixels × distance²) of those that no centre is near to; -1 where there is none. */
function worstServed(bins: readonly Bin[], distances: Float64Array, near: number): number {
  let worst = -1;
  let cost = 0;
  for (let index = 0; index < bins.length; index++) {
    const distance = distances[index]!;
    if (distance <= near ** 2 || bins[index]!.count * distance <= cost) continue;
    worst = index;
    cost = bins[index]!.count * distance;
  }
  return worst;
}

/**
 * Joins clusters, always the pair that costs least (Ward 1963: the rise of the squared error), until there are at most `most`
 * and no two are nearer than `near`. So near-duplicates go first, and a small accent far from the rest outlives them.
 */
export function join(clusters: readonly Cluster[], { most, near }: { most: number; near: number }): Cluster[] {
  const left = [...clusters];
  for (;;) {
    const pair = cheapest(left, left.length > most ? Infinity : near);
    if (!pair) return left;
    const [first, second] = pair;
    left.splice(left.indexOf(second), 1);
    left.splice(left.indexOf(first), 1, cluster([...first.bins, ...second.bins]));
  }
}

function cheapest(clusters: readonly Cluster[], near: number): [Cluster, Cluster] | undefined {
  let pair: [Cluster, Cluster] | undefined;
  let least = Infinity;
  for (let at = 0; at < clusters.length; at++) {
    const first = clusters[at]!;
    for (let other = at + 1; other < clusters.length; other++) {
      const second = clusters[other]!;
      const distance = apart(first.lab, second.lab);
      const cost = (distance * first.count * second.count) / (first.count + second.count);
      if (distance >= near ** 2 || cost >= least) continue;
      pair = [first, second];
      least = cost;
    }
  }
  return pair;
}
