import { Awaited } from './awaited.js';

const nowhere = () => false;

it('an asset that came is looked for until it is there, less and less often', () => {
  const awaited = new Awaited();
  expect(awaited.dueAt).toBe(Infinity);
  awaited.add('a', 0);
  const dues = [awaited.dueAt];
  for (const now of [500, 1500]) {
    awaited.looked(nowhere, now);
    dues.push(awaited.dueAt);
  }
  expect(dues).toEqual([500, 1500, 3500]);
  awaited.add('b', 2000);
  expect(awaited.dueAt).toBe(2500);
  awaited.looked((id) => id === 'b', 2500);
  expect(awaited.dueAt).toBe(6500);
  awaited.looked((id) => id === 'a', 6500);
  expect(awaited.dueAt).toBe(Infinity);
});

it('one that does not fit is given up, later where it changes meanwhile', () => {
  const awaited = new Awaited();
  awaited.add('a', 0);
  for (let looks = 0; looks < 4; looks += 1) awaited.looked(nowhere, 0);
  expect(awaited.dueAt).toBe(8000);
  awaited.changed('a', 1000);
  expect(awaited.dueAt).toBe(3000);
  for (let looks = 0; looks < 3; looks += 1) awaited.looked(nowhere, 3000);
  expect(awaited.dueAt).toBe(Infinity);
  awaited.changed('a', 4000);
  expect(awaited.dueAt).toBe(Infinity);
});

it('those that are not shown are counted once each', () => {
  const awaited = new Awaited();
  awaited.add('a', 0);
  awaited.add('b', 0);
  awaited.looked((id) => id === 'a', 500);
  expect([awaited.countUntold(), awaited.countUntold()]).toEqual([1, 0]);
});

it('the last fifty that came are looked for', () => {
  const awaited = new Awaited();
  for (let k = 0; k < 60; k += 1) awaited.add(String(k), 0);
  const asked: string[] = [];
  awaited.looked((id) => asked.push(id) > 0, 0);
  expect(asked).toEqual(Array.from({ length: 50 }, (_, k) => String(k + 10)));
});
