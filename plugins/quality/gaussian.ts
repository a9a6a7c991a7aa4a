/**
 * Generalized Gaussians, symmetric (GGD) and asymmetric (AGGD), fitted by moments: Sharifi and Leon-Garcia 1995; Lasmar,
 * Stitou and Berthoumieu 2009; as Mittal, Moorthy and Bovik 2012 use them for BRISQUE.
 */
export interface Fit {
  /** 2 for a Gaussian, 1 for a Laplacian; 0.2–10. */
  shape: number;
  /** Root mean square of the values below and above 0. */
  left: number;
  right: number;
}

/** Sums of samples, all that a fit needs. */
export interface Moments {
  /** Samples, zeros included. */
  count: number;
  negative: number;
  positive: number;
  negativeSquares: number;
  positiveSquares: number;
  absolute: number;
}

export const noMoments = (): Moments => ({
  count: 0,
  negative: 0,
  positive: 0,
  negativeSquares: 0,
  positiveSquares: 0,
  absolute: 0,
});

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(z) for z > 0, to about 1e-13 (Lanczos 1964, g = 7, nine terms). */
export function logGamma(z: number): number {
  if (z < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * z)) - logGamma(1 - z);
  const t = z + 6.5;
  const sum = LANCZOS.reduce((total, term, i) => (i === 0 ? term : total + term / (z - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Γ(2/shape)² / (Γ(1/shape) Γ(3/shape)), the squared mean of |x| by the mean of x². It rises with the shape. */
const ratioOf = (shape: number): number => Math.exp(2 * logGamma(2 / shape) - logGamma(1 / shape) - logGamma(3 / shape));

const LEAST = 0.2;
const STEP = 0.001;
const STEPS = 9800;
let table: Float64Array | undefined;

/** The shape whose ratio is nearest, on the grid of 0.001 on which the published model was trained. */
function shapeOf(ratio: number): number {
  const ratios = (table ??= Float64Array.from({ length: STEPS }, (_, i) => ratioOf(LEAST + i * STEP)));
  let [low, high] = [0, STEPS - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ratios[middle]! < ratio) low = middle + 1;
    else high = middle;
  }
  const nearest = low > 0 && ratio - ratios[low - 1]! <= ratios[low]! - ratio ? low - 1 : low;
  return LEAST + nearest * STEP;
}

/** Fits an AGGD. Samples that are all 0 have no shape: they count as the widest one. */
export function fit(moments: Moments): Fit {
  const { count, negativeSquares, positiveSquares, absolute } = moments;
  const squares = negativeSquares + positiveSquares;
  const left = Math.sqrt(negativeSquares / Math.max(1, moments.negative));
  const right = Math.sqrt(positiveSquares / Math.max(1, moments.positive));
  if (squares === 0) return { shape: shapeOf(1), left, right };
  const skew = right > 0 ? left / right : 1e6;
  const ratio = (absolute / count) ** 2 / (squares / count);
  return { shape: shapeOf((ratio * (skew ** 3 + 1) * (skew + 1)) / (skew ** 2 + 1) ** 2), left, right };
}

/** Mean of the fitted AGGD: 0 where both sides are alike. */
export function meanOf({ shape, left, right }: Fit): number {
  const width = Math.exp((logGamma(1 / shape) - logGamma(3 / shape)) / 2);
  return (right - left) * Math.exp(logGamma(2 / shape) - logGamma(1 / shape)) * width;
}
