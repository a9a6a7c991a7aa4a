import { oneQueued } from './one-queued.ts';

it('works once for all who ask while it is under way, and not beside it', async () => {
  const gates: (() => void)[] = [];
  let begun = 0;
  const ask = oneQueued(async () => {
    begun += 1;
    const mine = begun;
    await new Promise<void>((resolve) => gates.push(resolve));
    return mine;
  });
  const first = ask();
  await Promise.resolve().then(() => undefined);
  const others = [ask(), ask(), ask()];
  expect(begun).toBe(1);
  gates[0]?.();
  expect(await first).toBe(1);
  while (gates.length < 2) await Promise.resolve();
  gates[1]?.();
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
});

it('works again after a failure, which those hear who asked for it', async () => {
  let failing = true;
  const ask = oneQueued(() => (failing ? Promise.reject(new Error('away')) : Promise.resolve('done')));
  await expect(ask()).rejects.toThrow('away');
  failing = false;
  expect(await ask()).toBe('done');
});
