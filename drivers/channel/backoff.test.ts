import { backoffMs } from './backoff.ts';

describe('backoff', () => {
  it('doubles from one second up to five minutes', () => {
    expect([1, 2, 3, 9, 10, 2000].map((failures) => backoffMs(failures, () => 1))).toEqual([
      1000, 2000, 4000, 256_000, 300_000, 300_000,
    ]);
  });

  it('leaves the upper half to chance', () => {
    expect(backoffMs(3, () => 0)).toBe(2000);
    expect(backoffMs(3, () => 0.5)).toBe(3000);
    expect(new Set(Array.from({ length: 20 }, () => backoffMs(9))).size).toBeGreaterThan(1);
  });
});
