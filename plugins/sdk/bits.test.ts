import { bitsApart } from './index.ts';

describe('bitsApart', () => {
  it.each([
    ['00ff', '00ff', 0],
    ['00ff', '01fe', 2],
    ['0'.repeat(96), 'f'.repeat(96), 384],
    ['8000000000000000', '0000000000000001', 2],
    ['', '', 0],
    ['0f', '00f', Infinity],
  ])('of %s and %s is %d', (a, b, count) => {
    expect(bitsApart(a, b)).toBe(count);
  });
});
