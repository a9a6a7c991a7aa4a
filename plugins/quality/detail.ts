import type { Tiles } from './tiles.ts';

// Factors without a source were set together with the curves of score.ts: README.md, "Does it fall when a picture gets worse?".

/** A Laplacian of four neighbours has 4² + 4 × 1² times the variance of white noise. */
const GAIN = 20;
/** Variance of what rounding to whole levels adds, in levels². */
const ROUNDING = 1 / 12;
/** Energy that a step of one level on JPEG's grid leaves in the tiles, in levels²: scaling spreads it beyond the lines. */
const BLOCK_GAIN = 10;

/** Mean of the first values, by their share; 0 where there are none. */
function meanOfFirst(share: number, values: readonly number[]): number {
  const count = Math.ceil(share * values.length);
  return values.slice(0, count).reduce((sum, value) => sum + value, 0) / Math.max(1, count);
}

/** Mean difference of neighbours between the lines of JPEG's grid, in levels. */
export const gapsOf = ({ differences: { between, gaps } }: Tiles): number => between / Math.max(1, gaps);

/** How much larger the differences on the lines of JPEG's grid are than those between them, in levels; 0 where the grid is not seen. */
export function blockStep(tiles: Tiles): number {
  const { onLines, lines, gaps } = tiles.differences;
  return lines > 0 && gaps > 0 ? Math.max(0, onLines / lines - gapsOf(tiles)) : 0;
}

/**
 * Standard deviation of the levels by Immerkaer's operator (1996), which sees noise and the finest texture. The quietest quarter of the
 * tiles counts; those that are black or white say nothing. The factor makes up for taking the least of chance values.
 */
export function roughness({ noise, clipped }: Tiles): number {
  return (
    1.04 *
    meanOfFirst(
      0.25,
      [...noise].filter((_, i) => clipped[i] === 0).sort((a, b) => a - b),
    )
  );
}

/**
 * Standard deviation of noise in a picture, by its roughness at two sizes. Noise of single pixels goes down with the size (`scale`,
 * below 1); texture, which is as rough at each size (Field 1987), does not, so that it cancels out.
 */
export function noiseOf(rough: number, roughSmaller: number, scale: number): number {
  return scale < 1 ? Math.sqrt(Math.max(0, rough ** 2 - roughSmaller ** 2) / (1 - scale ** 2)) : 0;
}

/**
 * Energy of fine detail in the most textured tenth of the tiles, in levels²: of the Laplacian (Pech-Pacheco et al. 2000), less what is
 * noise. What Immerkaer's operator finds in a tile counts as noise, but no more than is likely with so much noise in the picture.
 * Detail that noise covers counts less (Wiener), so that noise never adds any. Nor do the steps between blocks.
 */
export function detailOf(tiles: Tiles, noise: number): number {
  const likely = noise * (1.15 + noise / 6);
  const energies = Array.from(tiles.energy, (energy, i) => {
    const covered = GAIN * (Math.min(tiles.noise[i]!, likely) ** 2 + ROUNDING);
    const seen = Math.max(0, energy - 1.3 * covered);
    return seen ** 2 / (seen + covered);
  });
  const most = meanOfFirst(
    0.1,
    energies.sort((a, b) => b - a),
  );
  return Math.max(0, most - BLOCK_GAIN * blockStep(tiles) ** 2);
}
