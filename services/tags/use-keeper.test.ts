import { TagNames } from '../../mixins/tag-names.ts';
import { useKeeper } from './use-keeper.ts';

const names = new TagNames([{ id: 'dog', name: 'Dog' }]);
let time = 0;
let passes = 0;
let feeds = 0;
let failing = false;
const keeper = () =>
  useKeeper({
    names: () => Promise.resolve(names),
    async count() {
      passes += 1;
      if (failing) throw new Error('The index is away');
      return [
        { name: 'Dog', count: 2 },
        { name: 'hound', count: 1 },
      ];
    },
    async feed() {
      feeds += 1;
      await Promise.resolve();
    },
    now: () => time,
  });
beforeEach(() => {
  time = passes = feeds = 0;
  failing = false;
});

it('counts once for all who ask within a second', async () => {
  const kept = keeper();
  await Promise.all([kept.use(), kept.use()]);
  time = 999;
  expect((await kept.use()).get('dog')).toBe(2);
  expect(passes).toBe(1);
  time = 1001;
  await kept.use();
  expect(passes).toBe(2);
});

it('counts anew once a name means another tag, but not for a name that has come into use', async () => {
  const kept = keeper();
  await kept.use();
  names.put({ id: 'cat', name: 'cat' });
  await kept.use();
  expect(passes).toBe(1);
  names.put({ id: 'hound', name: 'hound', into: 'dog' });
  expect((await kept.use()).get('dog')).toBe(3);
  expect(passes).toBe(2);
});

it('brings the index up to date once for all who doubt at the same time, and counts then', async () => {
  const kept = keeper();
  await kept.use();
  await Promise.all([kept.fresh(), kept.fresh(), kept.fresh()]);
  expect([feeds, passes]).toEqual([1, 2]);
});

it('keeps no failure', async () => {
  const kept = keeper();
  failing = true;
  await expect(kept.use()).rejects.toThrow('away');
  failing = false;
  expect((await kept.use()).size).toBeGreaterThan(0);
});
