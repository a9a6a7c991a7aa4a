import type { RawPixels } from '../sdk/index.ts';
import { type Grid, gridOf } from './grid.ts';
import { type Region, writeLuma } from './luma.ts';

// Taken from the global object once: in jest's sandbox each look-up there is slow, and these are in the innermost loop.
const { abs, min } = Math;

/** Side of a tile in pixels, without the margin of one that the operators read. */
const SIDE = 32;
const ROW = SIDE + 2;
const AREA = SIDE * SIDE;
/** About as many tiles are looked at, at most: evenly spread, they say what all would. */
const MOST = 640;
/** A tile with this share of levels at the ends of the scale says nothing of noise, which is cut off there. */
const CLIPPED = 0.05;
const [BLACK, WHITE] = [3, 252];
/** A difference of neighbours counts up to this many levels: what is beyond is the edge of a thing, not of a block. */
const EDGE = 24;

/** Sums of the differences of neighbours in levels, and how many they are. */
export interface Differences {
  /** On the lines of the grid, by their share. */
  onLines: number;
  lines: number;
  /** Wholly between them. */
  between: number;
  gaps: number;
}

/** What the tiles of a picture show. Its arrays have one value for each tile. */
export interface Tiles {
  /** Mean square of the Laplacian of four neighbours, away from the grid and from the ends of the scale, in levels². */
  energy: Float64Array;
  /** Standard deviation of noise in levels, by Immerkaer's operator. */
  noise: Float64Array;
  /** 1 where too much of it is black or white to tell noise. */
  clipped: Uint8Array;
  differences: Differences;
}

const levels = new Uint8Array(ROW * ROW);

/** The tiles that are looked at: all, or every so-manieth, shifted from row to row. */
function regionsOf(width: number, height: number): Region[] {
  const columns = Math.floor((width - 2) / SIDE);
  const rows = Math.floor((height - 2) / SIDE);
  if (columns < 1 || rows < 1) return [];
  const step = Math.ceil((columns * rows) / MOST);
  const shift = Math.max(1, Math.round(step * 0.618));
  const regions: Region[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = (step - ((row * shift) % step)) % step; column < columns; column += step) {
      regions.push({ left: column * SIDE, top: row * SIDE, width: ROW, height: ROW });
    }
  }
  return regions;
}

/** Sums of the differences along one side of a tile, by their place: from each pixel to the one before it. */
const [toLeft, toAbove] = [new Int32Array(ROW), new Int32Array(ROW)];

/** Sums over a tile: of the squares of the Laplacian where it is free, of Immerkaer's operator, and how many pixels are what. */
const sums = { energy: 0, free: 0, rough: 0, ends: 0 };

/** Adds the row of `levels` that begins at `start` to `sums`, `toLeft` and `toAbove`; `y` is its place in the tile. */
function measureRow(start: number, y: number, rowIsFree: number, free: Uint8Array, left: number): void {
  let [energy, clear, rough, ends, above] = [0, 0, 0, 0, 0];
  // Three columns of three: each pixel reads only the next one.
  let [before, here] = [levels[start]!, levels[start + 1]!];
  let over = levels[start + 1 - ROW]!;
  let bentBefore = levels[start - ROW]! - 2 * before + levels[start + ROW]!;
  let bent = over - 2 * here + levels[start + 1 + ROW]!;
  for (let x = 1; x <= SIDE; x++) {
    const next = levels[start + x + 1]!;
    const overNext = levels[start + x + 1 - ROW]!;
    const bentNext = overNext - 2 * next + levels[start + x + 1 + ROW]!;
    const isFree = rowIsFree & free[left + x]!;
    // Second differences both ways, one of the other; and their sum, which is the Laplacian.
    rough += abs(bentBefore - 2 * bent + bentNext);
    clear += isFree;
    if (here <= BLACK || here >= WHITE) ends++;
    else {
      const laplacian = bent + before - 2 * here + next;
      energy += laplacian * laplacian * isFree;
    }
    toLeft[x]! += min(EDGE, abs(here - before));
    above += min(EDGE, abs(here - over));
    before = here;
    here = next;
    over = overNext;
    bentBefore = bent;
    bent = bentNext;
  }
  toAbove[y] = above;
  sums.energy += energy;
  sums.free += clear;
  sums.rough += rough;
  sums.ends += ends;
}

/** Measures the tile whose luma is in `levels`, as place `index` of `tiles`; the differences go to `toLeft` and `toAbove`. */
function measure(tiles: Tiles, index: number, { left, top }: Region, across: Grid, down: Grid): void {
  sums.energy = sums.free = sums.rough = sums.ends = 0;
  toLeft.fill(0);
  for (let y = 1; y <= SIDE; y++) measureRow(y * ROW, y, down.free[top + y]!, across.free, left);
  tiles.energy[index] = sums.energy / Math.max(1, sums.free);
  tiles.noise[index] = (Math.sqrt(Math.PI / 2) * sums.rough) / (6 * AREA);
  tiles.clipped[index] = sums.ends >= CLIPPED * AREA ? 1 : 0;
}

function add(to: Differences, along: Int32Array, { on }: Grid, from: number): void {
  for (let place = 1; place <= SIDE; place++) {
    const share = on[from + place]!;
    to.onLines += share * along[place]!;
    to.lines += share * SIDE;
    if (share > 0) continue;
    to.between += along[place]!;
    to.gaps += SIDE;
  }
}

/** Measures tiles all over the picture; there are none where a side is shorter than 34 px. `period` is that of its grid in pixels. */
export function tilesOf(pixels: RawPixels, period: number): Tiles {
  const [across, down] = [gridOf(pixels.width, period), gridOf(pixels.height, period)];
  const regions = regionsOf(pixels.width, pixels.height);
  const tiles: Tiles = {
    energy: new Float64Array(regions.length),
    noise: new Float64Array(regions.length),
    clipped: new Uint8Array(regions.length),
    differences: { onLines: 0, lines: 0, between: 0, gaps: 0 },
  };
  for (const [index, region] of regions.entries()) {
    writeLuma(pixels, region, levels);
    measure(tiles, index, region, across, down);
    add(tiles.differences, toLeft, across, region.left);
    add(tiles.differences, toAbove, down, region.top);
  }
  return tiles;
}
