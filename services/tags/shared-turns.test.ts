import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Records, RecordStore } from '../../drivers/records/port.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { sharedTurns, turnRows, type TurnRow } from './shared-turns.ts';

let folder: string;
let stores: RecordStore[];
let rows: Records<TurnRow>[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-turns-'));
  const file = join(folder, 'records.sqlite');
  stores = [await openSqliteRecords({ file }), await openSqliteRecords({ file })];
  rows = stores.map((store) => store.collection<TurnRow>(turnRows));
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await rm(folder, { recursive: true, force: true });
});
/** Who has a turn and never lets go of it, as a process that was killed. */
async function dead(records: Records<TurnRow>): Promise<void> {
  await records.insert({ id: 'catalogue', holder: 'dead', free: false, beat: 7 });
}

it('only one of two stores has its turn at a time, however many ask', async () => {
  let within = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++within);
    await new Promise(setImmediate);
    await rows[0]!.count();
    within -= 1;
  };
  const nodes = rows.map((records) => sharedTurns(records));
  const queue = async (inTurn: (typeof nodes)[number]) => {
    for (let turn = 0; turn < 5; turn++) await inTurn(work);
  };
  await Promise.all(nodes.map(queue));
  expect([most, within]).toEqual([1, 0]);
});

it('tells whether another had a turn since', async () => {
  const [one, two] = rows.map((records) => sharedTurns(records)) as [
    ReturnType<typeof sharedTurns>,
    ReturnType<typeof sharedTurns>,
  ];
  const asked = async (inTurn: typeof one) => inTurn(async ({ othersHad }) => othersHad);
  expect([await asked(one), await asked(one), await asked(two), await asked(two), await asked(one)]).toEqual([
    false,
    false,
    true,
    false,
    true,
  ]);
});

it('is free again after work that failed', async () => {
  const [one, two] = rows.map((records) => sharedTurns(records));
  await expect(one!(() => Promise.reject(new Error('no circle')))).rejects.toThrow('no circle');
  expect(await two!(async () => 'mine')).toBe('mine');
});

it('takes the place of one that shows no sign of life, and of no other', async () => {
  await dead(rows[0]!);
  expect(await sharedTurns(rows[1]!, { leaseMs: 20 })(async ({ othersHad }) => othersHad)).toBe(true);
  const end = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const long = sharedTurns(rows[0]!, { leaseMs: 200 })(async ({ lost }) => {
    begun.resolve();
    await end.promise;
    return lost.aborted;
  });
  await begun.promise;
  await expect(sharedTurns(rows[1]!, { leaseMs: 2000, patienceMs: 300 })(async () => 'mine')).rejects.toMatchObject({
    type: 'server.busy',
  });
  end.resolve();
  expect(await long).toBe(false);
});

it('hears of it when its turn was taken away, and leaves the new one alone', async () => {
  const inTurn = sharedTurns(rows[0]!, { leaseMs: 30 });
  await inTurn(async ({ lost }) => {
    await rows[1]!.updateMany({ id: 'catalogue' }, { $set: { holder: 'other', beat: 1000 } });
    while (!lost.aborted) await new Promise((later) => setTimeout(later, 5));
    expect(lost.reason).toMatchObject({ type: 'server.busy' });
  });
  expect(await rows[1]!.findById('catalogue')).toMatchObject({ holder: 'other', free: false });
});
