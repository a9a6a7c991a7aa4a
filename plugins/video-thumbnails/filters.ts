/** Sample aspect ratios beyond this are a mistake, or meant to do harm. */
const SQUEEZE = 5;

/**
 * FFmpeg's filters to a picture with square pixels and its longer edge at most `edge`, never enlarged but for the squeeze of its
 * pixels. One text for all drivers, so that they give the same.
 */
export function fit(edge: number, method: 'area' | 'bicubic'): string {
  const width = `iw*clip(sar,${1 / SQUEEZE},${SQUEEZE})`;
  const share = `min(1,${edge}/max(${width},ih))`;
  return `scale=w='max(1,round(${width}*${share}))':h='max(1,round(ih*${share}))':flags=${method},setsar=1,format=rgb24`;
}

/** Milliseconds that times may be off by: some containers round them. */
export const ROUNDED_MS = 1.5;

/** Keeps frames that are so far apart. */
export const spaced = (everyMs: number): string =>
  `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${((everyMs - ROUNDED_MS) / 1000).toFixed(4)})'`;
