import assert from 'node:assert/strict';
import { withRecords, type RecordsCase } from './case.ts';

/** Updates and removals of what fits, counted. */
export const changing: RecordsCase[] = [
  withRecords('answers null for an update or removal of what is not there, and makes nothing', async (records) => {
    assert.equal(await records.updateById('a', { $set: { rank: 1 } }), null);
    assert.equal(await records.updateMany({ id: 'a' }, { $set: { rank: 1 } }), 0);
    assert.equal(await records.removeById('a'), null);
    assert.equal(await records.count(), 0);
  }),

  withRecords('updates what fits the whole query and answers how many that were', async (records) => {
    await records.insertMany(
      Array.from({ length: 250 }, (_, n) => ({ id: `n${n}`, status: n % 2 ? 'odd' : 'even', rank: n, rev: 0 })),
    );
    assert.equal(
      await records.updateMany({ status: 'odd', rank: { $lt: 240 } }, { $set: { status: 'even' }, $inc: { rev: 1 } }),
      120,
    );
    assert.equal(await records.count({ query: { status: 'even', rev: 1 } }), 120);
    assert.equal(await records.count({ query: { status: 'odd', rev: 0 } }), 5);
    assert.equal(await records.updateMany({ rev: 0 }, { $set: {} }), 130);
  }),

  withRecords('lets exactly one of racing conditional updates win', async (records) => {
    await records.insert({ id: 'a', rev: 1, status: 'pending' });
    const attempts = Array.from({ length: 20 }, (_, n) =>
      records.updateMany({ id: 'a', rev: 1, status: 'pending' }, { $set: { status: 'running', by: n }, $inc: { rev: 1 } }),
    );
    const counts = await Promise.all(attempts);
    assert.equal(counts.filter((count) => count === 1).length, 1);
    assert.equal(counts.filter((count) => count === 0).length, 19);
    const record = await records.findById('a');
    assert.deepEqual(record, { id: 'a', rev: 2, status: 'running', by: counts.indexOf(1) });
  }),

  withRecords('removes by id and by query', async (records) => {
    await records.insertMany(Array.from({ length: 120 }, (_, n) => ({ id: `n${n}`, sha256: `s${n}`, rank: n })));
    assert.deepEqual(await records.removeById('n5'), { id: 'n5', sha256: 's5', rank: 5 });
    assert.equal(await records.removeMany({ rank: { $gte: 10 } }), 110);
    assert.equal(await records.count(), 9);
    await records.insert({ id: 'again', sha256: 's5' });
  }),
];
