import assert from 'node:assert/strict';
import type { RecordsError } from '../../../drivers/records/port.ts';
import { ids, rejects, withRecords, type RecordsCase, type Thing } from './case.ts';

/** Ids and unique values are one record’s; what is issued first counts first. */
export const inserting: RecordsCase[] = [
  withRecords('refuses a second record of the same id', async (records) => {
    await records.insert({ id: 'a', rank: 1 });
    await rejects(() => records.insert({ id: 'a', rank: 2 }), 'records.duplicate');
    assert.deepEqual(await records.findById('a'), { id: 'a', rank: 1 });
  }),

  withRecords('lets exactly one of fifty racing inserts of one unique value win', async (records) => {
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => records.insert({ id: `n${n}`, sha256: 'one' })),
    );
    const lost = results.filter((result) => result.status === 'rejected').map(({ reason }) => (reason as RecordsError).code);
    assert.deepEqual(lost, Array<string>(49).fill('records.duplicate'));
    assert.equal(await records.count({ query: { sha256: 'one' } }), 1);
  }),

  withRecords('lets many records be without a unique field', async (records) => {
    await records.insertMany([{ id: 'a' }, { id: 'b' }]);
    assert.equal(await records.count(), 2);
  }),

  withRecords('refuses an update that would make a unique value double', async (records) => {
    await records.insertMany([
      { id: 'a', sha256: 'x' },
      { id: 'b', sha256: 'y' },
    ]);
    await rejects(() => records.updateById('b', { $set: { sha256: 'x' } }), 'records.duplicate');
    assert.deepEqual(await records.findById('b'), { id: 'b', sha256: 'y' });
  }),

  withRecords('inserts many or none', async (records) => {
    await records.insert({ id: 'there', sha256: 'x' });
    await rejects(() => records.insertMany([{ id: 'a' }, { id: 'b', sha256: 'x' }, { id: 'c' }]), 'records.duplicate');
    assert.deepEqual(ids(await records.find()), ['there']);
    assert.deepEqual(ids(await records.insertMany([{ id: 'a' }, { id: 'b' }])), ['a', 'b']);
    assert.deepEqual(await records.insertMany([]), []);
  }),

  withRecords('lets one failing write of a burst fail alone', async (records) => {
    const burst = await Promise.allSettled([
      records.insert({ id: 'a' }),
      records.insert({ id: 'a' }),
      records.insert({ id: 'b' }),
    ]);
    assert.deepEqual(
      burst.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal(await records.count(), 2);
  }),

  withRecords('lets a read see the writes issued before it, awaited or not', async (records) => {
    await records.insert({ id: 'a', rev: 1 });
    const [, seen, , count] = await Promise.all([
      records.updateById('a', { $set: { rev: 2 } }),
      records.findById('a'),
      records.insert({ id: 'b' }),
      records.count(),
    ]);
    assert.equal(seen?.rev, 2);
    assert.equal(count, 2);
  }),

  withRecords('refuses records without an id', async (records) => {
    await rejects(() => records.insert({ status: 'x' } as unknown as Thing), 'records.query-invalid');
    await rejects(() => records.insertMany([{ id: 'a' }, { id: '' }]), 'records.query-invalid');
    assert.equal(await records.count(), 0);
  }),
];
