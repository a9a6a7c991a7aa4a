import { Recent } from './recent.ts';

/** An index of so many rows, with what is found in it: 1, 2, 3 and so on, each when it is let through. */
function lookedIn(count: number) {
  const table = { count, changes: 0 };
  const clock = { ms: 0 };
  const underWay: PromiseWithResolvers<number>[] = [];
  let finding = 0;
  const recent = new Recent<number>({ table, now: () => clock.ms });
  return {
    table,
    clock,
    underWay,
    get: (wish = 'same') =>
      recent.get(wish, () => {
        const next = Promise.withResolvers<number>();
        underWay.push(next);
        return next.promise;
      }),
    /** Lets the only one through that is under way. */
    async through(): Promise<void> {
      expect(underWay).toHaveLength(1);
      underWay.pop()?.resolve(++finding);
      await new Promise(setImmediate);
    },
  };
}

describe('what was found lately', () => {
  it.each([10, 100_000])('is looked for once in %d rows, however many ask and whatever changes meanwhile', async (count) => {
    const { table, get, through } = lookedIn(count);
    const asked = [get()];
    for (let i = 0; i < 5; i++) {
      table.changes++;
      asked.push(get());
    }
    await through();
    expect(await Promise.all(asked)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('serves as long as nothing changes', async () => {
    const { clock, get, through } = lookedIn(100_000);
    const first = get();
    await through();
    clock.ms = 1e9;
    expect([await first, await get()]).toEqual([1, 1]);
  });

  it('serves for five seconds among many rows that change, and is then looked for anew', async () => {
    const { table, clock, get, through } = lookedIn(100_000);
    void get();
    clock.ms = 60_000;
    await through();
    table.changes++;
    clock.ms = 64_999;
    expect(await get()).toBe(1);
    clock.ms = 65_000;
    const next = get();
    await through();
    expect(await next).toBe(2);
  });

  it('is looked for anew among few rows when one has changed', async () => {
    const { table, get, through } = lookedIn(5000);
    void get();
    await through();
    table.changes++;
    const next = get();
    await through();
    expect(await next).toBe(2);
  });

  it('is kept for each wish', async () => {
    const { get, through } = lookedIn(100_000);
    const one = get('one');
    await through();
    const other = get('other');
    await through();
    expect(await Promise.all([one, other, get('one'), get('other')])).toEqual([1, 2, 1, 2]);
  });

  it('tells all who wait that it failed, and is tried anew', async () => {
    const { get, through, underWay } = lookedIn(100_000);
    const asked = [get(), get()];
    underWay.pop()?.reject(new Error('broken row'));
    for (const one of asked) await expect(one).rejects.toThrow('broken row');
    const next = get();
    await through();
    expect(await next).toBe(1);
  });
});
