import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordStore } from '../../drivers/records/port.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { row } from './fixtures.ts';
import { ledger as collection, type Ledger, type LedgerRow } from './ledger.ts';
import { interruption, maxInterruptions } from './outcome.ts';
import { claimOf, claimRow, completeRow, completionOf, failRow } from './run.ts';

let folder: string;
let store: RecordStore;
let ledger: Ledger;
let claimed: LedgerRow;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-run-'));
  store = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
  ledger = store.collection<LedgerRow>(collection);
  claimed = (await claimRow(ledger, claimOf(await ledger.insert(row('a')), { runner: 'me', node: 'node' })))!;
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});
const result = { outputs: { word: 'w' }, durationMs: 5 };
const now = () => ledger.findById(claimed.id);

const complete = async (run: LedgerRow, finishedAt: number, outputs: LedgerRow['outputs'] = result.outputs) =>
  (await completeRow(ledger, completionOf(run, { ...result, outputs }, finishedAt))).done;

describe('a result', () => {
  it('may be written twice, where the answer to the first time was lost', async () => {
    expect(await complete(claimed, 1000)).toMatchObject({ status: 'done', outputs: result.outputs });
    expect(await complete(claimed, 1000)).toMatchObject({ status: 'done', finishedAt: 1000 });
  });

  it('counts for nothing where the run had lost its claim, to one that has ended too', async () => {
    await ledger.updateMany({ id: claimed.id }, { $set: { status: 'pending' }, $unset: { claim: true } });
    expect(await complete(claimed, 1000)).toBeNull();
    const other = (await claimRow(ledger, claimOf((await now())!, { runner: 'other', node: 'node' })))!;
    expect(await complete(claimed, 1000)).toBeNull();
    await complete(other, 2000, { word: 'theirs' });
    expect(await complete(claimed, 1000)).toBeNull();
    expect(await now()).toMatchObject({ outputs: { word: 'theirs' } });
  });
});

describe('a result with the claim of the run that comes next', () => {
  const me = { runner: 'me', node: 'node' };
  const rowOf = (id: string) => ledger.findById(id);

  it('are one write, which may be done twice', async () => {
    const next = claimOf(await ledger.insert(row('b')), me);
    const completion = completionOf(claimed, result, 1000);
    const both = { done: completion.row, claimed: next.row };
    expect(await completeRow(ledger, completion, next)).toMatchObject(both);
    const after = [await now(), await rowOf(next.row.id)];
    expect(after).toMatchObject([{ status: 'done' }, { status: 'running', attempts: 1, claim: next.row.claim }]);
    expect(await completeRow(ledger, completion, next)).toEqual({ done: after[0], claimed: after[1] });
    expect([await now(), await rowOf(next.row.id)]).toEqual(after);
  });

  it('are done one without the other, where another has claimed the next one', async () => {
    const b = await ledger.insert(row('b'));
    const next = claimOf(b, me);
    const theirs = await claimRow(ledger, claimOf(b, { runner: 'other', node: 'node' }));
    expect(await completeRow(ledger, completionOf(claimed, result, 1000), next)).toMatchObject({
      done: { status: 'done' },
      claimed: null,
    });
    expect(await rowOf(b.id)).toMatchObject({ claim: theirs?.claim, attempts: 1 });
  });

  it('give the next one back with its attempt, where the run had lost its own claim', async () => {
    const next = claimOf(await ledger.insert(row('b')), me);
    await ledger.updateMany({ id: claimed.id }, { $set: { claim: 'of another' } });
    expect(await completeRow(ledger, completionOf(claimed, result, 1000), next)).toEqual({ done: null, claimed: null });
    expect(await rowOf(next.row.id)).toMatchObject({ status: 'pending', attempts: 0 });
    expect(await rowOf(next.row.id)).not.toHaveProperty('claim');
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
