import { Ids } from './ids.ts';
import { type Key, Order, type Rank } from './order.ts';

/** Rows by id; `keys` by row. */
function ordered(ids: string[], ...ranks: { keys: Key[]; descending: boolean }[]) {
  const known = new Ids();
  ids.forEach((id, row) => known.set(row, id));
  const order = new Order(
    ranks.map(({ keys, descending }): Rank => ({ key: (row) => keys[row] ?? null, descending })),
    known,
  );
  const rows = Uint32Array.from(ids.keys());
  return {
    order,
    first: (most: number, after: Parameters<Order['first']>[2] = null) =>
      order.first(rows, most, after).map((row) => known.get(row)),
  };
}

describe('the order of rows', () => {
  it('goes by each rank in turn, then by id', () => {
    const { first } = ordered(
      ['d', 'c', 'b', 'a'],
      { keys: [1, 1, 1, 2], descending: true },
      { keys: ['x', 'y', 'x', 'x'], descending: false },
    );
    expect(first(10)).toEqual(['a', 'b', 'd', 'c']);
  });

  it('puts what is missing last in both directions', () => {
    for (const descending of [true, false])
      expect(ordered(['a', 'b'], { keys: [null, 0], descending }).first(10)).toEqual(['b', 'a']);
  });

  it('gives the first few of many, and what follows a place', () => {
    const ids = Array.from({ length: 1000 }, (_, i) => `id${String((i * 7919) % 1000).padStart(4, '0')}`);
    const keys = ids.map((id) => Number(id.slice(2)) % 10);
    const { order, first } = ordered(ids, { keys, descending: true });
    const expected = ids.toSorted((a, b) => (Number(b.slice(2)) % 10) - (Number(a.slice(2)) % 10) || (a < b ? -1 : 1));
    expect(first(25)).toEqual(expected.slice(0, 25));
    const place = order.place(ids.indexOf(expected[24] ?? ''));
    expect(first(25, place)).toEqual(expected.slice(25, 50));
  });

  it('without any rank goes by id alone', () => {
    expect(ordered(['b', 'é', 'a', 'aa']).first(3)).toEqual(['a', 'aa', 'b']);
  });
});
