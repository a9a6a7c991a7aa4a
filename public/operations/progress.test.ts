import { timeLeft, withLook } from './progress.js';

describe('how long it takes', () => {
  const looks = (...lefts: number[]) =>
    lefts.reduce<{ at: number; left: number }[]>((all, left, i) => withLook(all, { at: i * 5000, left }), []);

  it('follows from how fast it went', () => {
    expect(timeLeft(looks(100, 90, 80))).toBe(40_000);
  });
  it('cannot be said at first, nor where nothing moves', () => {
    expect(timeLeft([])).toBeUndefined();
    expect(timeLeft(looks(100))).toBeUndefined();
    expect(timeLeft(looks(100, 100, 100))).toBeUndefined();
  });
  it('begins anew where work has come, and forgets what was long ago', () => {
    expect(looks(10, 5, 50)).toEqual([{ at: 10_000, left: 50 }]);
    expect(looks(...Array.from({ length: 40 }, (_, i) => 100 - i)).length).toBe(12);
  });
});
