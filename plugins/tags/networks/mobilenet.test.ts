import { decodeKinds, pool } from './mobilenet.ts';

describe('decodeKinds', () => {
  it('reads the kinds in the order of nsfwjs', () => {
    const data = Float32Array.of(0.5, 0.25, 0.125, 0.0625, 0.03125);
    expect(decodeKinds({ shape: [1, 5], data })).toEqual({
      drawing: 0.5,
      hentai: 0.25,
      neutral: 0.125,
      porn: 0.0625,
      sexy: 0.03125,
    });
  });
});

describe('pool', () => {
  it('gives the mean of each channel', () => {
    expect(pool({ shape: [1, 1, 2, 3], data: Float32Array.of(1, 2, 3, 5, 6, -3) })).toEqual([3, 4, 0]);
  });
});
