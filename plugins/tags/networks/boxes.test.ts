import { type Box, type Detection, overlap, suppress } from './boxes.ts';

const box = (left: number, top: number, right: number, bottom: number): Box => ({ left, top, right, bottom });
const seen = (score: number, where: Box, kind = 0): Detection => ({ kind, score, box: where });

describe('overlap', () => {
  it.each([
    ['the same box', box(0, 0, 4, 4), 1],
    ['a box beside it', box(4, 0, 8, 4), 0],
    ['half of it', box(0, 0, 4, 2), 0.5],
    ['one moved by half', box(2, 0, 6, 4), 1 / 3],
    ['one without an area', box(1, 1, 1, 3), 0],
    ['one that is inside out', box(3, 3, 1, 1), 0],
  ])('of a box and %s', (_what, other, share) => {
    expect(overlap(box(0, 0, 4, 4), other)).toBeCloseTo(share, 9);
    expect(overlap(other, box(0, 0, 4, 4))).toBeCloseTo(share, 9);
  });
});

describe('suppress', () => {
  it('keeps the best of those that overlap, of whatever kind, and the best first', () => {
    const dog = seen(0.8, box(0, 0, 10, 10), 16);
    const sheep = seen(0.6, box(1, 1, 10, 10), 18);
    const far = seen(0.9, box(50, 50, 60, 60), 18);
    expect(suppress([sheep, dog, far], 0.5)).toEqual([far, dog]);
  });

  it('keeps those that overlap by no more than is allowed', () => {
    const pair = [seen(0.8, box(0, 0, 4, 4)), seen(0.7, box(2, 0, 6, 4))];
    expect(suppress(pair, 0.34)).toHaveLength(2);
    expect(suppress(pair, 0.33)).toHaveLength(1);
  });

  it('does not let a box that went itself take others with it', () => {
    const chain = [seen(0.9, box(0, 0, 10, 10)), seen(0.8, box(4, 0, 14, 10)), seen(0.7, box(8, 0, 18, 10))];
    expect(suppress(chain, 0.3).map(({ score }) => score)).toEqual([0.9, 0.7]);
  });
});
