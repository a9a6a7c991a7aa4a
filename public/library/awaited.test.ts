import { Awaited } from './awaited.js';

const nowhere = () => false;

it('an asset that came is looked for until it is there, less and less often', () => {
  const awaited = new Awaited();
  expect(awaited.restMs).toBeUndefined();
  awaited.add('a');
  const rests = [awaited.restMs];
  for (let k = 0; k < 2; k += 1) {
    awaited.looked(nowhere);
    rests.push(awaited.restMs);
  }
  expect(rests).toEqual([500, 1000, 2000]);
  awaited.add('b');
  expect(awaited.restMs).toBe(500);
  awaited.looked((id) => id === 'b');
  expect(awaited.restMs).toBe(4000);
  awaited.looked((id) => id === 'a');
  expect(awaited.restMs).toBeUndefined();
});

it('one that does not fit is given up, but for what changes of it', () => {
  const awaited = new Awaited();
  awaited.add('a');
  for (let k = 0; k < 4; k += 1) awaited.looked(nowhere);
  awaited.changed('a');
  expect(awaited.restMs).toBe(500);
  for (let k = 0; k < 5; k += 1) awaited.looked(nowhere);
  expect(awaited.restMs).toBeUndefined();
  awaited.changed('a');
  expect(awaited.restMs).toBeUndefined();
});

it('the last fifty that came are looked for', () => {
  const awaited = new Awaited();
  for (let k = 0; k < 60; k += 1) awaited.add(String(k));
  const asked: string[] = [];
  awaited.looked((id) => asked.push(id) > 0);
  expect(asked).toEqual(Array.from({ length: 50 }, (_, k) => String(k + 10)));
});
