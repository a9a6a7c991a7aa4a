import { firstOf } from './first.ts';

it.each([0, 1, 3, 10, 100])('gives the first %i as sorting does, equals in their order', (most) => {
  const all = Array.from({ length: 60 }, (_, i) => ({ key: (i * 37) % 11, i }));
  const byKey = (a: { key: number }, b: { key: number }) => a.key - b.key;
  expect(firstOf(all, byKey, most)).toEqual(all.toSorted(byKey).slice(0, most));
});
