import { eachInSlices } from './each-in-slices.ts';

it('takes each, in order, and lets others have their turn in between', async () => {
  const many = Array.from({ length: 1500 }, (_, i) => i);
  const taken: number[] = [];
  let takenBefore = 0;
  setImmediate(() => (takenBefore = taken.length));
  await eachInSlices(many, (one) => taken.push(one));
  expect(taken).toEqual(many);
  expect(takenBefore).toBeGreaterThan(0);
  expect(takenBefore).toBeLessThan(1500);
});
