import { First } from './first.ts';

it.each([0, 1, 3, 10, 100])('gives the first %i as sorting does, equals in their order', (most) => {
  const all = Array.from({ length: 60 }, (_, i) => ({ key: (i * 37) % 11, i }));
  const byKey = (a: { key: number }, b: { key: number }) => a.key - b.key;
  const first = new First(byKey, most);
  for (const one of all) first.add(one);
  expect([first.items, first.seen]).toEqual([all.toSorted(byKey).slice(0, most), 60]);
});
