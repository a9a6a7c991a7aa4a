import { serializeHex } from 'culori/fn';
import type { PaletteColor, RawPixels } from '../sdk/index.ts';
import { apart, type Lab, labOf } from '../sdk/oklab.ts';
import type { Rgb } from '../sdk/pixels.ts';
import { type Cluster, cover, gather, join, serve } from './clusters.ts';
import { type Bin, histogram } from './histogram.ts';
import { quantized } from './vibrant.ts';

export interface Colours {
  /** Most of the picture first; weights sum to 1. */
  palette: PaletteColor[];
  /** The one of them that most of the picture is like. */
  dominant: string;
}

// Distances are in OKLab.
/** Colours nearer than this are one. */
const SAME = 0.06;
/** Every colour of the picture has a candidate about this near. */
const NEAR = 0.1;
const CANDIDATES = 64;
/** Fewer pixels than this share are noise and soft edges. */
const LEAST_SHARE = 0.005;
/** How far a shade may be from a colour and still be called by its name, lightness counted half. */
const LIKE = 0.08;

/** What is seen through is seen on white, as on a page. */
const nothing: Colours = { palette: [{ hex: '#ffffff', weight: 1, oklab: [1, 0, 0] }], dominant: '#ffffff' };

const pixelsOf = (bins: readonly Bin[]): number => bins.reduce((sum, { count }) => sum + count, 0);
const rounded = (n: number): number => Math.round(n * 10_000) / 10_000;

/** The colours of a picture: at most `swatches`, at least one. Pixels that are seen through do not count. */
export async function coloursOf(pixels: RawPixels, swatches: number): Promise<Colours> {
  const bins = histogram(pixels);
  if (bins.length === 0) return nothing;

  const candidates = cover(bins, (await quantized(pixels)).map(labOf), { most: CANDIDATES, near: NEAR });
  // Joined to fewer than six they would be means of unlike colours; where fewer are asked for, the smallest are left out instead.
  const joined = join(gather(bins, candidates), { most: Math.max(swatches, 6), near: SAME });
  const colours = settle(bins, joined).slice(0, swatches).map(typical);

  const palette = weigh(bins, colours);
  const main = dominant(
    palette.map(({ oklab }) => oklab),
    palette.map(({ weight }) => weight),
  );
  return { palette, dominant: palette[main]!.hex };
}

/** The colours with the share of the pixels that are nearest to each, the largest first. */
function weigh(bins: readonly Bin[], colours: readonly Rgb[]): PaletteColor[] {
  const centres = colours.map(labOf);
  const total = pixelsOf(bins);
  return serve(bins, centres)
    .map((served, i): PaletteColor => {
      const [l, a, b] = centres[i]!;
      return { hex: hexOf(colours[i]!), weight: rounded(pixelsOf(served) / total), oklab: [rounded(l), rounded(a), rounded(b)] };
    })
    .filter(({ weight }) => weight > 0)
    .sort((p, q) => q.weight - p.weight);
}

/** Clusters that are worth a swatch, drawn again around their own means, the largest first. */
function settle(bins: readonly Bin[], clusters: Cluster[]): Cluster[] {
  const largest = Math.max(...clusters.map(({ count }) => count));
  const least = Math.min(largest, LEAST_SHARE * pixelsOf(bins));
  const kept = clusters.filter(({ count }) => count >= least).map(({ lab }) => lab);
  return gather(
    bins,
    gather(bins, kept).map(({ lab }) => lab),
  ).sort((p, q) => q.count - p.count);
}

/** The colour to show for a cluster: the one that most of it has, so that a logo's colours come out exact; else its mean. */
function typical({ bins, count }: Cluster): Rgb {
  const most = bins.reduce((best, bin) => (bin.count > best.count ? bin : best));
  const source = 2 * most.count > count ? [most] : bins;
  const pixels = pixelsOf(source);
  const mean = (channel: 0 | 1 | 2) => Math.round(source.reduce((sum, bin) => sum + bin.rgb[channel] * bin.count, 0) / pixels);
  return [mean(0), mean(1), mean(2)];
}

/**
 * Index of the colour a person would name. First the shade that most of the picture is like: its own pixels and, the less the
 * further off they are, those of the others, so that a sky cut into three blues outweighs one brown that is larger than
 * each. Then the largest of its like. Lightness counts half: in light and shade it is one colour. Centres come largest first.
 */
function dominant(centres: readonly Lab[], weights: readonly number[]): number {
  const flat = centres.map(([l, a, b]): Lab => [l / 2, a, b]);
  const likes = flat.map((one) =>
    flat.reduce((sum, other, i) => sum + weights[i]! * Math.exp(-apart(one, other) / LIKE ** 2), 0),
  );
  const most = flat[likes.indexOf(Math.max(...likes))]!;
  return flat.findIndex((one) => apart(one, most) < LIKE ** 2);
}

const hexOf = ([r, g, b]: Rgb): string => serializeHex({ mode: 'rgb', r: r / 255, g: g / 255, b: b / 255 });
