import { mistakesIn, mostFrequent, nearestWords } from './typos.ts';

it('forgives no mistake in short words, one from four letters, two from eight, and none in numbers or endless words', () => {
  expect(['sea', 'barn', 'lighthouse', 'img2041', 'x'.repeat(25)].map(mistakesIn)).toEqual([0, 1, 2, 0, 0]);
});

it('takes only the nearest words, swapped letters counting as one mistake', () => {
  expect(nearestWords('brid', ['bird', 'bred', 'braid', 'bard', 'birds', 'brid2'])).toEqual(['bird', 'bred', 'braid']);
  expect(nearestWords('lighthousse', ['lightmouse', 'lighthouse'])).toEqual(['lighthouse']);
  expect(nearestWords('sex', ['sea'])).toEqual([]);
});

it('stands for the five most frequent that are still there', () => {
  const times: Record<string, number> = { a: 1, b: 3, c: 0, d: 1, e: 2, f: 1, g: 1 };
  expect(mostFrequent(Object.keys(times), (token) => times[token] ?? 0)).toEqual(['b', 'e', 'a', 'd', 'f']);
});
