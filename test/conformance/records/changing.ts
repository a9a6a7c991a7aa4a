import assert from 'node:assert/strict';
import type { QueryOfOne } from '../../../drivers/records/port.ts';
import { rejects, withRecords, type RecordsCase } from './case.ts';

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

  withRecords('answers the record that a conditional update of one has left, and null where it did not fit', async (records) => {
    await records.insert({ id: 'a', rev: 1, status: 'pending' });
    const claim = (by: number) =>
      records.updateOne({ id: 'a', rev: 1, $or: [{ status: 'pending' }] }, { $set: { status: 'running', by }, $inc: { rev: 1 } });
    const answers = await Promise.all([claim(0), claim(1), claim(2)]);
    const won = answers.filter((answer) => answer !== null);
    assert.equal(won.length, 1);
    assert.deepEqual(won, [await records.findById('a')]);
    assert.equal(
      won[0]?.['by'],
      answers.findIndex((answer) => answer !== null),
    );
    assert.equal(await records.updateOne({ id: 'b' }, { $set: { rank: 1 } }), null);
    assert.deepEqual(await records.updateOne({ id: 'a', rev: 2 }, {}), won[0]);
    assert.equal(await records.updateOne({ id: 'a', rev: 1 }, {}), null);
    assert.equal(await records.count(), 1);
  }),

  withRecords('does many updates of one record each in order, and answers how many fitted', async (records) => {
    await records.insertMany(['a', 'b', 'c'].map((id) => ({ id, rev: 1 })));
    const done = await records.updateEach([
      { query: { id: 'a', rev: 1 }, update: { $set: { status: 'first' }, $inc: { rev: 1 } } },
      { query: { id: 'a', rev: 2 }, update: { $set: { status: 'second' } } },
      { query: { id: 'b', rev: 7 }, update: { $set: { status: 'never' } } },
      { query: { id: 'not-there' }, update: { $set: { status: 'never' } } },
      { query: { id: 'c', rev: 1 }, update: {} },
    ]);
    assert.equal(done, 3);
    assert.equal(await records.updateEach([]), 0);
    assert.deepEqual(await records.find({ sort: ['id'] }), [
      { id: 'a', rev: 2, status: 'second' },
      { id: 'b', rev: 1 },
      { id: 'c', rev: 1 },
    ]);
  }),

  withRecords('does the others of many updates where one cannot be done', async (records) => {
    await records.insertMany([
      { id: 'a', rank: 1 },
      { id: 'b', list: [1] },
      { id: 'c', rank: 1 },
    ]);
    const each = ['a', 'b', 'c'].map((id) => ({
      query: { id },
      update: id === 'b' ? { $set: { 'list.0': 2 } } : { $inc: { rank: 1 } },
    }));
    await rejects(() => records.updateEach(each), 'records.query-invalid');
    assert.deepEqual(await records.find({ sort: ['id'] }), [
      { id: 'a', rank: 2 },
      { id: 'b', list: [1] },
      { id: 'c', rank: 2 },
    ]);
  }),

  withRecords('refuses an update of one record that names none', async (records) => {
    await records.insert({ id: 'a', rank: 1 });
    const nobody = { rank: 1 } as unknown as QueryOfOne;
    await rejects(() => records.updateOne(nobody, { $set: { rank: 2 } }), 'records.query-invalid');
    await rejects(() => records.updateEach([{ query: nobody, update: { $set: { rank: 2 } } }]), 'records.query-invalid');
    assert.equal(await records.count({ query: { rank: 1 } }), 1);
  }),

  withRecords('removes by id and by query', async (records) => {
    await records.insertMany(Array.from({ length: 120 }, (_, n) => ({ id: `n${n}`, sha256: `s${n}`, rank: n })));
    assert.deepEqual(await records.removeById('n5'), { id: 'n5', sha256: 's5', rank: 5 });
    assert.equal(await records.removeMany({ rank: { $gte: 10 } }), 110);
    assert.equal(await records.count(), 9);
    await records.insert({ id: 'again', sha256: 's5' });
  }),
];
