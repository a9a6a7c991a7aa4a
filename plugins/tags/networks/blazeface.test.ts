import { anchors, decodeFaces } from './blazeface.ts';
import type { Tensor } from './model.ts';

const [NEAR, FAR] = [512, 384];

interface Found {
  grid: 0 | 1;
  at: number;
  score: number;
  place: [number, number, number, number];
}

/** Scores far below zero but for those given. */
function outputs(faces: Found[]): [[Tensor, Tensor], [Tensor, Tensor]] {
  const blank = (numbers: number, value: number) => {
    const of = (count: number): Tensor => ({ shape: [1, count, numbers], data: new Float32Array(count * numbers).fill(value) });
    return [of(NEAR), of(FAR)] as [Tensor, Tensor];
  };
  const scores = blank(1, -50);
  const places = blank(16, 0);
  for (const { grid, at, score, place } of faces) {
    scores[grid].data[at] = score;
    places[grid].data.set(place, at * 16);
  }
  return [scores, places];
}

describe('anchors', () => {
  it('lie in the middles of two grids, two on each cell of the finer and six on each of the coarser', () => {
    const all = anchors();
    expect(all).toHaveLength(NEAR + FAR);
    expect(all.slice(0, 3)).toEqual([{ x: 8, y: 8 }, { x: 8, y: 8 }, { x: 24, y: 8 }]); // prettier-ignore
    expect(all[NEAR + 6]).toEqual({ x: 48, y: 16 });
    expect(all.at(-1)).toEqual({ x: 240, y: 240 });
  });
});

describe('decodeFaces', () => {
  it('finds a face of either grid where its anchor and its distance from it say', () => {
    const faces = decodeFaces(
      ...outputs([
        { grid: 0, at: 2, score: 2, place: [4, -2, 10, 8] },
        { grid: 1, at: FAR - 1, score: 0, place: [0, 0, 100, 100] },
      ]),
    );
    expect(faces).toEqual([
      { kind: 0, score: expect.closeTo(0.8808, 4), box: { left: 23, top: 2, right: 33, bottom: 10 } },
      { kind: 0, score: 0.5, box: { left: 190, top: 190, right: 290, bottom: 290 } },
    ]);
  });

  it('counts a face once that many anchors see', () => {
    const place: [number, number, number, number] = [0, 0, 40, 40];
    const all = outputs([0, 1, 2, 3].map((at) => ({ grid: 0, at, score: 1 + at, place })));
    expect(decodeFaces(...all)).toHaveLength(1);
  });

  it('finds none where none is likely', () => {
    expect(decodeFaces(...outputs([]))).toEqual([]);
  });
});
