import { Lists } from './lists.ts';

const of = (lists: Lists<Uint32Array<ArrayBuffer>>, row: number): number[] => {
  const start = lists.start[row] ?? 0;
  return [...lists.items.subarray(start, start + (lists.length[row] ?? 0))];
};

describe('lists per row', () => {
  it('holds what was set last, longer or shorter than before', () => {
    const lists = new Lists(new Uint32Array(0));
    lists.set(2, [1, 2]);
    lists.set(0, [3]);
    lists.set(2, [4, 5, 6]);
    lists.set(0, []);
    expect([0, 1, 2].map((row) => of(lists, row))).toEqual([[], [], [4, 5, 6]]);
    lists.set(2, [7]);
    expect(of(lists, 2)).toEqual([7]);
  });

  it('does not grow with every change', () => {
    const lists = new Lists(new Uint32Array(0));
    for (let i = 0; i < 100_000; i++)
      lists.set(
        i % 100,
        Array.from({ length: 1 + (i % 7) }, () => i),
      );
    expect(lists.items.length).toBeLessThan(50_000);
    for (let row = 0; row < 100; row++)
      expect(of(lists, row)).toEqual(Array.from({ length: 1 + ((99_900 + row) % 7) }, () => 99_900 + row));
  });
});
