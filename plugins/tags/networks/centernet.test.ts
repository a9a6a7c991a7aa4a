import { decodeObjects } from './centernet.ts';
import type { Tensor } from './model.ts';

const ROWS = 8;
const COLUMNS = 10;
const KINDS = 3;

/** A heat map that is cold but for the points given, and sides of 6, 5, 4 and 3 pixels everywhere. */
function heatMap(points: { row: number; column: number; kind: number; score: number }[]): [Tensor, Tensor] {
  const heat = new Float32Array(ROWS * COLUMNS * KINDS).fill(0.01);
  for (const { row, column, kind, score } of points) heat[(row * COLUMNS + column) * KINDS + kind] = score;
  const sides = Float32Array.from({ length: ROWS * COLUMNS * 4 }, (_, index) => 6 - (index % 4));
  return [
    { shape: [1, ROWS, COLUMNS, KINDS], data: heat },
    { shape: [1, ROWS, COLUMNS, 4], data: sides },
  ];
}

const found = (...points: Parameters<typeof heatMap>[0]) => decodeObjects(...heatMap(points));
const close = (value: number): unknown => expect.closeTo(value, 5);

describe('decodeObjects', () => {
  it('finds a peak, and its box by its distance to the sides', () => {
    expect(found({ row: 2, column: 5, kind: 1, score: 0.75 })).toEqual([
      { kind: 1, score: close(0.75), box: { left: 14, top: 3, right: 24, bottom: 11 } },
    ]);
  });

  it('takes neighbours of a peak for the same thing, but not the next one of another kind', () => {
    const results = found(
      { row: 2, column: 5, kind: 1, score: 0.75 },
      { row: 3, column: 6, kind: 1, score: 0.7 },
      { row: 7, column: 0, kind: 2, score: 0.5 },
      { row: 6, column: 1, kind: 0, score: 0.4 },
    );
    expect(results.map(({ kind, score }) => [kind, score])).toEqual([
      [1, close(0.75)],
      [2, close(0.5)],
      // Its box overlaps that of kind 2 by less than half.
      [0, close(0.4)],
    ]);
  });

  it('looks at neighbours on the same row only, not at the end of the row before', () => {
    expect(found({ row: 1, column: COLUMNS - 1, kind: 0, score: 0.6 }, { row: 2, column: 0, kind: 0, score: 0.5 })).toHaveLength(
      2,
    );
  });

  it('finds nothing where nothing is warm', () => {
    expect(found({ row: 2, column: 5, kind: 1, score: 0.09 })).toEqual([]);
  });
});
