import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordStore } from '../../drivers/records/port.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { row } from './fixtures.ts';
import { ledger as collection, type Ledger, type LedgerRow } from './ledger.ts';
import { interruption, maxInterruptions } from './outcome.ts';
import { claimRow, completeRow, failRow } from './run.ts';

let folder: string;
let store: RecordStore;
let ledger: Ledger;
let claimed: LedgerRow;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-run-'));
  store = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
  ledger = store.collection<LedgerRow>(collection);
  claimed = (await claimRow(ledger, await ledger.insert(row('a')), { runner: 'me', node: 'node' }))!;
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});
const result = { outputs: { word: 'w' }, durationMs: 5 };
const now = () => ledger.findById(claimed.id);

describe('a result', () => {
  it('may be written twice, where the answer to the first time was lost', async () => {
    expect(await completeRow(ledger, claimed, result, 1000)).toMatchObject({ status: 'done', outputs: result.outputs });
    expect(await completeRow(ledger, claimed, result, 1000)).toMatchObject({ status: 'done', finishedAt: 1000 });
  });

  it('counts for nothing where the run had lost its claim, to one that has ended too', async () => {
    await ledger.updateMany({ id: claimed.id }, { $set: { status: 'pending' }, $unset: { claim: true } });
    expect(await completeRow(ledger, claimed, result, 1000)).toBeNull();
    const other = (await claimRow(ledger, (await now())!, { runner: 'other', node: 'node' }))!;
    expect(await completeRow(ledger, claimed, result, 1000)).toBeNull();
    await completeRow(ledger, other, { ...result, outputs: { word: 'theirs' } }, 2000);
    expect(await completeRow(ledger, claimed, result, 1000)).toBeNull();
    expect(await now()).toMatchObject({ outputs: { word: 'theirs' } });
  });
});

describe('a run whose node went away', () => {
  it('comes again, counted as interrupted, and once even where it is told twice', async () => {
    const outcome = interruption(1);
    await failRow(ledger, claimed, outcome);
    await failRow(ledger, claimed, outcome);
    expect(await now()).toMatchObject({ status: 'pending', interruptions: 1, attempts: 1, error: { class: 'resource' } });
    expect(await now()).not.toHaveProperty('claim');
  });

  it('is quarantined in the end', async () => {
    await failRow(ledger, claimed, interruption(maxInterruptions));
    expect(await now()).toMatchObject({ status: 'quarantined' });
  });
});

it('a run that could not go on gives its attempt back', async () => {
  await failRow(ledger, claimed, { verdict: 'postpone', delayMs: 0 });
  expect(await now()).toMatchObject({ status: 'pending', attempts: 0 });
});
