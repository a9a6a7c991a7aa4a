import { Bands } from './bands.ts';
import { BitsColumn, popcount } from '../columns/bits.ts';

function finished<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Hashes of so many digits, the same for the same seed; every third is a copy of another with some bits turned. */
function hashes(count: number, digits: number): string[] {
  let state = 7;
  const next = (): number => (state = (Math.imul(state, 48_271) >>> 0) % 0x7fff_ffff);
  const made: string[] = [];
  for (let i = 0; i < count; i++) {
    const from = i % 3 === 2 ? made[next() % made.length] : undefined;
    made.push(
      Array.from({ length: digits }, (_, k) => {
        const digit = from === undefined ? next() % 16 : parseInt(from[k]!, 16);
        return (from !== undefined && next() % 4 === 0 ? digit ^ (1 << (next() % 4)) : digit).toString(16);
      }).join(''),
    );
  }
  return made;
}

function filled(values: readonly string[], length: number): BitsColumn {
  const column = new BitsColumn(length);
  values.forEach((value, row) => column.set(row, value));
  return column;
}

describe('popcount', () => {
  it.each([
    [0, 0],
    [1, 1],
    [0x8000_0000, 1],
    [0xffff_ffff, 32],
    [0x1234_5678, 13],
    [-1, 32],
  ])('of %d is %d', (word, count) => {
    expect(popcount(word)).toBe(count);
  });
});

describe('bands', () => {
  it.each([
    [64, 0],
    [64, 3],
    [64, 4],
    [64, 16],
    [8, 2],
    [40, 7],
    [100, 12],
    [384, 40],
  ])('of %d bits find all that come later within %d, as if all had been compared', (length, within) => {
    const values = hashes(200, length / 4);
    const column = filled(values, length);
    const bands = finished(Bands.of(column, Uint32Array.from(values.keys()), within));
    let pairs = 0;
    for (const place of values.keys()) {
      const found = new Map<number, number>();
      bands.later(place, (other, distance) => found.set(other, distance));
      const distance = column.fromRow(place)!;
      const near = [...values.keys()].filter((other) => other > place && distance(other) <= within);
      expect([...found].sort(([a], [b]) => a - b)).toEqual(near.map((other) => [other, distance(other)]));
      pairs += near.length;
    }
    if (within > 0) expect(pairs).toBeGreaterThan(0);
  });

  it('go by places in the list they are made from, and by the bits of that time', () => {
    const column = filled(['ff', '00', 'fe'], 8);
    const bands = finished(Bands.of(column, Uint32Array.of(2, 0), 1));
    column.set(0, '00');
    const found: number[][] = [];
    bands.later(0, (other, distance) => found.push([other, distance]));
    expect(found).toContainEqual([1, 1]);
  });
});
