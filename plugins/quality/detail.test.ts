import type { RawPixels } from '../sdk/index.ts';
import { blockStep, detailOf, noiseOf, roughness } from './detail.ts';
import { normal } from './distortions.ts';
import { tilesOf } from './tiles.ts';

const SIDE = 290;

/** A grey picture of levels by place. */
function grey(levelAt: (x: number, y: number) => number): RawPixels {
  const data = Buffer.alloc(SIDE * SIDE * 3);
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, at += 3) data.fill(Math.min(255, Math.max(0, Math.round(levelAt(x, y)))), at, at + 3);
  }
  return { data, width: SIDE, height: SIDE, channels: 3 };
}

const edges = (x: number): number => (Math.floor(x / 20) % 2 === 0 ? 60 : 190);

describe('roughness', () => {
  it.each([2, 5, 10, 20])('finds Gaussian noise of %d levels', (deviation) => {
    const next = normal(deviation);
    const found = roughness(
      tilesOf(
        grey(() => 128 + deviation * next()),
        8,
      ),
    );
    expect(Math.abs(found - deviation)).toBeLessThan(0.08 * deviation);
  });

  it('takes neither a slope nor straight edges for noise', () => {
    expect(
      roughness(
        tilesOf(
          grey((x, y) => (x + y) / 3),
          8,
        ),
      ),
    ).toBeLessThan(0.5);
    expect(roughness(tilesOf(grey(edges), 8))).toBe(0);
  });

  it('says nothing of white', () => {
    expect(
      roughness(
        tilesOf(
          grey(() => 255),
          8,
        ),
      ),
    ).toBe(0);
  });
});

describe('noiseOf', () => {
  it('is all the roughness that goes down with the size as that of single pixels does', () => {
    expect(noiseOf(10, 5, 0.5)).toBeCloseTo(10);
  });

  it('is none where the picture is as rough when it is smaller', () => {
    expect(noiseOf(6, 6, 0.5)).toBe(0);
    expect(noiseOf(6, 9, 0.5)).toBe(0);
  });
});

describe('blockStep', () => {
  const blocks = (size: number) => grey((x, y) => 100 + 10 * ((Math.floor(x / size) + Math.floor(y / size)) % 2));

  it.each([8, 6, 4])('is the height of the steps of a grid of %d px', (size) => {
    expect(blockStep(tilesOf(blocks(size), size))).toBeCloseTo(10, 0);
  });

  it('is nothing where the steps are on other lines, in noise, and in a grid too fine to see', () => {
    const next = normal(3);
    expect(blockStep(tilesOf(blocks(7), 8))).toBeLessThan(1);
    expect(
      blockStep(
        tilesOf(
          grey(() => 128 + 10 * next()),
          8,
        ),
      ),
    ).toBeLessThan(0.3);
    expect(blockStep(tilesOf(blocks(2), 2))).toBe(0);
  });
});

describe('detailOf', () => {
  it('is the energy of edges', () => {
    // Two columns in 20 are an edge, of the ones that are away from the grid; each has a Laplacian of 130 levels.
    const found = detailOf(tilesOf(grey(edges), 1), 0);
    expect(found).toBeGreaterThan(0.8 * 0.1 * 130 ** 2);
    expect(found).toBeLessThan(1.6 * 0.1 * 130 ** 2);
  });

  it.each([5, 15, 30])('is next to nothing in noise of %d levels', (deviation) => {
    const next = normal(deviation);
    const tiles = tilesOf(
      grey(() => 128 + deviation * next()),
      1,
    );
    expect(detailOf(tiles, roughness(tiles))).toBeLessThan(0.005 * 20 * deviation ** 2);
  });

  it('falls with noise, never rises', () => {
    const found = [0, 5, 15, 30].map((deviation) => {
      const next = normal(deviation + 1);
      const tiles = tilesOf(
        grey((x) => edges(x) + deviation * next()),
        1,
      );
      return detailOf(tiles, deviation);
    });
    expect(found).toEqual([...found].sort((a, b) => b - a));
  });

  it('has nothing to look at below 34 px', () => {
    const tiles = tilesOf({ data: Buffer.alloc(33 * 33 * 3), width: 33, height: 33, channels: 3 }, 8);
    expect(detailOf(tiles, roughness(tiles))).toBe(0);
  });
});
