import { packed, stored } from './stored.ts';
import { VectorColumn } from './vectors.ts';

/** Vectors of 96 numbers, the same for the same seed. */
function vector(seed: number): number[] {
  let state = seed * 7919 + 1;
  return Array.from({ length: 96 }, () => {
    state = (Math.imul(state, 48_271) >>> 0) % 0x7fff_ffff;
    return (state / 0x7fff_ffff - 0.4) ** 3;
  });
}
const length = (a: readonly number[]): number => Math.hypot(...a);
const cosine = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0) / length(a) / length(b);

describe('vectors', () => {
  it('keep their angles to a hundredth', () => {
    const column = new VectorColumn(96);
    const vectors = Array.from({ length: 40 }, (_, i) => vector(i));
    vectors.forEach((one, row) => column.set(row, one));
    for (const one of vectors) {
      const distance = column.from(one)!;
      vectors.forEach((other, row) => expect(Math.abs(distance(row) - (1 - cosine(one, other)))).toBeLessThan(0.01));
    }
  });

  it('are no distance from themselves, written out or as they are stored', () => {
    const column = new VectorColumn(96);
    const { x } = stored({ x: vector(3) }, () => true);
    column.set(0, x);
    expect(column.from(vector(3))!(0)).toBeCloseTo(0, 5);
    expect(column.fromRow(0)!(0)).toBeCloseTo(0, 5);
    expect(JSON.stringify(x).length).toBeLessThan(150);
  });

  it('are stored as they came where nothing says that they are vectors', () => {
    expect(stored({ x: [1, 2, 3] })).toEqual({ x: [1, 2, 3] });
    expect(stored({ x: 'text' }, () => true)).toEqual({ x: 'text' });
  });

  it('forget what a row held before', () => {
    const column = new VectorColumn(96);
    column.set(5, vector(1));
    column.set(5, undefined);
    expect(column.fromRow(5)).toBeNull();
    expect(column.from(vector(1))!(5)).toBeNaN();
  });

  it('use the whole range of a byte, whatever their length', () => {
    expect([...(packed([1e-9, -1e-9, 5e-10]) ?? [])]).toEqual([127, -127, 64]);
    expect([...(packed([3e9, 0]) ?? [])]).toEqual([127, 0]);
    expect(packed([1, 'x'])).toBeNull();
  });
});
