import { bufferPool } from './buffer-pool.ts';

describe('buffer pool', () => {
  it('gives no buffer to two, and no more than there are', () => {
    const pool = bufferPool({ bytes: 4, count: 2 });
    const taken = [pool.take(), pool.take()];
    expect(new Set(taken).size).toBe(2);
    expect(taken.map((buffer) => buffer?.length)).toEqual([4, 4]);
    expect(pool.take()).toBeUndefined();
  });
  it('uses one again that was given back', () => {
    const pool = bufferPool({ bytes: 4, count: 1 });
    const buffer = pool.take();
    if (buffer) pool.give(buffer);
    expect(pool.take()).toBe(buffer);
  });
});
