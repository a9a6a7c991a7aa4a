import { type RawPixels, stillEdges } from '../sdk/index.ts';
import { brisque } from './brisque.ts';
import { blockStep, detailOf, gapsOf, noiseOf, roughness } from './detail.ts';
import { lumaOf } from './luma.ts';
import { partsOf, scoreOf, type Parts } from './score.ts';
import { tilesOf } from './tiles.ts';
import { toneOf } from './tone.ts';

/** The picture at three sizes. */
interface Views {
  /** As large as is looked at: blocks, noise and the finest detail. */
  fine: RawPixels;
  /** About half of it: noise is less here, detail is not. */
  coarse: RawPixels;
  /** The size of the pictures that people judged for BRISQUE. */
  small: RawPixels;
}

/** More pixels than this on the longer edge are not needed. */
const MOST = 2560;
const EDGES = stillEdges.filter((edge) => edge <= MOST);
/** Up to this longer edge a picture is looked at as it is. */
const WHOLE = 1280;
const SMALL = 640;
/** The coarse view is smaller than the fine one by this much at least. */
const APART = 1.5;

const largest = (fits: (edge: number) => boolean, otherwise: number): number => EDGES.find(fits) ?? otherwise;

/** The longer edges to look at, by that of the original in pixels. */
export function edgesFor(longest: number): Record<keyof Views, number> {
  const fine = longest <= WHOLE ? longest : largest((edge) => edge < longest, longest);
  return { fine, coarse: largest((edge) => edge * APART <= fine, Math.ceil(fine / 2)), small: Math.min(longest, SMALL) };
}

/** The lines of JPEG's grid are this many pixels apart in a picture that has not been scaled. */
const GRID = 8;
const sideOf = ({ width, height }: RawPixels): number => Math.max(width, height);
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Score (0–100) and parts (0–1, higher is better). `longest` is the longer edge of the original, whose blocks the views show. */
export function qualityOf({ fine, coarse, small }: Views, longest: number): Omit<Parts, 'naturalness'> & { score: number } {
  const scale = sideOf(coarse) / sideOf(fine);
  const fineTiles = tilesOf(fine, (GRID * sideOf(fine)) / longest);
  const coarseTiles = tilesOf(coarse, (GRID * sideOf(coarse)) / longest);
  const noise = noiseOf(roughness(fineTiles), roughness(coarseTiles), scale);
  const { naturalness, ...parts } = partsOf({
    brisque: brisque(lumaOf(small)),
    fineDetail: detailOf(fineTiles, noise),
    coarseDetail: detailOf(coarseTiles, noise * scale),
    noise,
    blockStep: blockStep(fineTiles),
    gaps: gapsOf(fineTiles),
    ...toneOf(small),
  });
  const { sharpness, noise: clean, blockiness, exposure, contrast } = parts;
  return {
    score: rounded(scoreOf({ naturalness, ...parts }), 2),
    sharpness: rounded(sharpness, 4),
    noise: rounded(clean, 4),
    blockiness: rounded(blockiness, 4),
    exposure: rounded(exposure, 4),
    contrast: rounded(contrast, 4),
  };
}
