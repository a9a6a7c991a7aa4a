import { ColourColumn, type Wish } from './colours.ts';
import { stored } from './stored.ts';

const wish = { l: 0.5, a: 0.1, b: 0.1 };
/** Nearness of palettes, each a list of [distance from the wish in lightness, weight]. */
function nearness(palettes: [number, number][][], wishes: Wish[] = [wish]): number[] {
  const column = new ColourColumn();
  palettes.forEach((palette, row) => {
    const { x } = stored({ x: palette.map(([d, weight]) => ({ ...wish, l: wish.l + d, weight })) });
    column.set(row, x);
  });
  const scores = new Float64Array(palettes.length);
  const rows = column.near(Uint32Array.from(palettes.keys()), wishes, scores);
  return palettes.map((_, row) => (rows.includes(row) ? (scores[row] ?? NaN) : 0));
}

describe('nearness of palettes', () => {
  it('falls with distance, smoothly, to nothing at 0.25', () => {
    const distances = [0, 0.01, 0.03, 0.05, 0.1, 0.2, 0.24];
    const scores = nearness(distances.map((d) => [[d, 1]]));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(new Set(scores).size).toBe(distances.length);
    expect(scores[0]).toBeCloseTo(1, 2);
    expect(scores[6]).toBeLessThan(0.01);
    expect(nearness([[[0.25, 1]], [[-0.3, 1]], []])).toEqual([0, 0, 0]);
  });

  it('rises with the share, and counts shades together', () => {
    const [sliver = 0, part = 0, shades = 0, full = 0] = nearness([
      [[0, 0.03]],
      [[0, 0.4]],
      [
        [0, 0.4],
        [0.02, 0.3],
      ],
      [[0, 0.9]],
    ]);
    expect(sliver).toBeLessThan(part);
    expect(part).toBeLessThan(shades);
    expect(shades).toBeLessThan(full);
  });

  it('puts an exact colour of a fair share before a near one that covers all', () => {
    const [exact = 0, near = 0] = nearness([[[0, 0.35]], [[0.05, 1]]]);
    expect(exact).toBeGreaterThan(near);
  });

  it('pulls down what lacks one of the wishes', () => {
    const [both = 0, one = 0, none] = nearness(
      [
        [
          [0, 0.1],
          [0.3, 0.1],
        ],
        [[0, 1]],
        [[-0.4, 1]],
      ],
      [wish, { ...wish, l: wish.l + 0.3 }],
    );
    expect(both).toBeGreaterThan(one);
    expect(one).toBeGreaterThan(0);
    expect(none).toBe(0);
  });
});
