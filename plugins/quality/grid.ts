/**
 * The 8 × 8 blocks of JPEG in a picture that may have been made smaller since: a line of the grid lies at each multiple of
 * `period` pixels. Distances are measured from line `x`, which is the left (or upper) side of pixel `x`.
 */
export interface Grid {
  /** Share of the difference between pixel `x - 1` and pixel `x` that lies on a line of the grid, 0–1. */
  on: Float32Array;
  /** 1 where neither of the differences on both sides of pixel `x` touches a line. */
  free: Uint8Array;
}

/** Below this many pixels the lines lie too close to be told from what is between them. */
const LEAST_PERIOD = 3;

/** The grid along one side of a picture. `period` is 8 for the size at which it was compressed, 4 for half of it. */
export function gridOf(length: number, period: number): Grid {
  const on = new Float32Array(length);
  const free = new Uint8Array(length).fill(1);
  if (period < LEAST_PERIOD) return { on, free };
  const share = (x: number): number => Math.max(0, 1 - Math.abs(x - Math.round(x / period) * period));
  for (let x = 0; x < length; x++) {
    on[x] = share(x);
    free[x] = share(x) === 0 && share(x + 1) === 0 ? 1 : 0;
  }
  return { on, free };
}
