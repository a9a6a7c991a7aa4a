import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import type { RecordStore } from '../../drivers/records/port.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import { asset } from './fixtures.ts';
import { ledger as collection, type Ledger, type LedgerRow } from './ledger.ts';
import { planAsset } from './plan.ts';
import { claimOf, claimRow, completeRow, completionOf, failRow } from './run.ts';

let folder: string;
let store: RecordStore;
let ledger: Ledger;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-ledger-'));
  store = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
  ledger = store.collection<LedgerRow>(collection);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const rows = () => ledger.find({ sort: ['enricher'] });
const plan = (...manifests: Parameters<typeof manifest>[]) =>
  planAsset(
    ledger,
    asset,
    manifests.map((args) => manifest(...args)),
    'backfill',
  );
async function claimed(enricher: string): Promise<LedgerRow> {
  const row = await ledger.findOne({ enricher });
  const claim = row && (await claimRow(ledger, claimOf(row, { runner: 'me', node: 'here' })));
  if (!claim) throw new Error(`${enricher} could not be claimed`);
  return claim;
}

const complete = async (run: LedgerRow, outputs: Record<string, unknown>) =>
  (await completeRow(ledger, completionOf(run, { outputs, durationMs: 1 }, Date.now()))).done;

describe('a plan', () => {
  it('enters one pending row for each enricher that accepts the asset, however often and at once it is made', async () => {
    await Promise.all([plan(['a'], ['b'], ['clips', { accepts: ['video/*'] }]), plan(['a'], ['b'])]);
    await plan(['a'], ['b']);
    expect((await rows()).map(({ enricher, status, attempts }) => ({ enricher, status, attempts }))).toEqual([
      { enricher: 'a', status: 'pending', attempts: 0 },
      { enricher: 'b', status: 'pending', attempts: 0 },
    ]);
  });

  it('makes only what is stale due again, with what depends on it, and keeps the old outputs meanwhile', async () => {
    const all = (resultVersion: number) => plan(['a', { resultVersion }], ['b', { after: ['a'] }], ['z']);
    await all(1);
    for (const enricher of ['a', 'b', 'z']) await complete(await claimed(enricher), { of: enricher });
    expect(await all(1)).toBe(0);
    expect(await all(2)).toBe(2);
    expect((await rows()).map(({ enricher, status, outputs }) => [enricher, status, outputs])).toEqual([
      ['a', 'pending', { of: 'a' }],
      ['b', 'pending', { of: 'b' }],
      ['z', 'done', { of: 'z' }],
    ]);
  });

  it('takes the claim from a run that works on what is stale by now: its result counts for nothing', async () => {
    await plan(['a']);
    const old = await claimed('a');
    await plan(['a', { resultVersion: 2 }]);
    expect(await complete(old, { of: 'old' })).toBeNull();
    expect((await rows())[0]).toMatchObject({ status: 'pending' });
  });
});

describe('a run', () => {
  it('is claimed by one of many who try, and the attempt is counted before it begins', async () => {
    await plan(['a']);
    const [row] = await rows();
    if (!row) throw new Error('the plan entered no row');
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, k) => claimRow(ledger, claimOf(row, { runner: `runner-${k}`, node: 'here' }))),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    expect((await rows())[0]).toMatchObject({ status: 'running', attempts: 1, node: 'here' });
  });

  it.each([
    ['retry', { status: 'pending', attempts: 1 }],
    ['postpone', { status: 'pending', attempts: 0 }],
    ['quarantine', { status: 'quarantined', attempts: 1 }],
    ['unavailable', { status: 'unavailable', attempts: 0 }],
  ] as const)('that failed with the verdict %s leaves the row so', async (verdict, expected) => {
    await plan(['a']);
    const failure = { class: 'logic', code: 'enricher.failed', message: 'why', at: new Date().toISOString() } as const;
    await failRow(ledger, await claimed('a'), { verdict, failure, delayMs: 5 });
    const [row] = await rows();
    expect(row).toMatchObject(expected);
    expect(row).not.toHaveProperty('claim');
  });

  it('that lost its claim cannot fail the row either', async () => {
    await plan(['a']);
    const old = await claimed('a');
    await plan(['a', { resultVersion: 2 }]);
    const failure = { class: 'data', code: 'enricher.refused', message: 'why', at: new Date().toISOString() } as const;
    await failRow(ledger, old, { verdict: 'quarantine', failure, delayMs: 0 });
    expect((await rows())[0]).toMatchObject({ status: 'pending' });
  });
});
