/** The presets that are below the longer edge of the original, largest first: nothing is enlarged, and nothing made twice. */
export const edgesBelow = (longest: number, presets: readonly number[]): number[] =>
  [...new Set(presets)].filter((edge) => edge < longest).sort((a, b) => b - a);
