/** The direction of a vector: its length is made 1. One of zeros stays as it is. Rounded to what four digits say. */
export function normalized(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => Math.round((value / length) * 1e5) / 1e5);
}
