const firstMs = 1000;
const longestMs = 300_000;

/**
 * How long to wait after so many failures (1 or more), in ms: doubling from 1 s to 5 minutes, of which the upper half is left to
 * chance, so that what failed together does not come back together ("equal jitter", Brooker 2015, AWS Architecture Blog).
 */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const full = Math.min(longestMs, firstMs * 2 ** (failures - 1));
  return Math.round(full / 2 + (full / 2) * random());
}
