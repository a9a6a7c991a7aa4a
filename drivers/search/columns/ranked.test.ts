import { Ids } from './ids.ts';
import { type Key, Order, type Rank } from './order.ts';
import { ranked } from './ranked.ts';

/** Ids that tell how often they were compared. */
class CountedIds extends Ids {
  compared = 0;
  override compare(a: number, b: number): number {
    this.compared++;
    return super.compare(a, b);
  }
}

function filled(count: number): CountedIds {
  const ids = new CountedIds();
  for (let row = 0; row < count; row++) ids.set(row, `id${(row * 7919) % count}`);
  return ids;
}

/** What comes out, with the most ids compared in one step and in all. */
function ran(rows: Uint32Array, ranks: Rank[], ids: CountedIds, meanwhile: () => void = () => undefined) {
  const steps = ranked(rows, ranks, ids);
  let most = 0;
  for (;;) {
    const before = ids.compared;
    const step = steps.next();
    most = Math.max(most, ids.compared - before);
    if (step.done) return { ...step.value, most, all: ids.compared };
    meanwhile();
  }
}

describe('rows in order, found in steps', () => {
  it.each([0, 1, 2, 1023, 1024, 1025, 5000, 9001])('are %d in the order that they have when sorted at once', (count) => {
    const ids = filled(count);
    const widths = Array.from({ length: count }, (_, i): Key => (i % 11 === 0 ? null : (i * 31) % 13));
    const names = Array.from({ length: count }, (_, i): Key => `n${(i * 17) % 5}`);
    const ranks: Rank[] = [
      { key: (row) => widths[row]!, descending: true },
      { key: (row) => names[row]!, descending: false },
    ];
    const { rows, keys } = ran(
      Uint32Array.from({ length: count }, (_, i) => count - 1 - i),
      ranks,
      ids,
    );
    const expected = new Order(ranks, ids).sorted([...widths.keys()]);
    expect([...rows]).toEqual(expected);
    expect(expected.map((_, place) => keys(place))).toEqual(expected.map((row) => [widths[row], names[row]]));
  });

  it('take no step of more than a small share of the work', () => {
    const ids = filled(40_000);
    const { most, all } = ran(
      Uint32Array.from({ length: 40_000 }, (_, i) => i),
      [],
      ids,
    );
    expect(all).toBeGreaterThan(400_000);
    expect(most).toBeLessThan(all / 40);
  });

  it('are all there, in the order of their first keys, whatever changes meanwhile', () => {
    const ids = filled(4000);
    const keys = Array.from({ length: 4000 }, (_, i) => i);
    let turn = 0;
    const { rows } = ran(
      Uint32Array.from(keys),
      [{ key: (row) => keys[row]!, descending: true }],
      ids,
      // After the last of the keys has been read.
      () => ++turn > 4 && keys.fill(turn),
    );
    expect([...rows]).toEqual(Array.from({ length: 4000 }, (_, i) => 3999 - i));
  });
});
