import assert from 'node:assert/strict';
import { ids, withRecords, type RecordsCase } from './case.ts';

/** What is found comes in order and by the page. */
export const finding: RecordsCase[] = [
  withRecords('sorts by several fields, missing first, ties by id, and cuts pages', async (records) => {
    await records.insertMany([
      { id: 'e', status: 'b', rank: 10 },
      { id: 'd', status: 'b', rank: 9 },
      { id: 'c', status: 'a', rank: 9 },
      { id: 'b', status: 'a', rank: 9 },
      { id: 'a', status: 'c' },
    ]);
    const sorted = async (sort: string[], limit?: number, offset?: number): Promise<string> =>
      ids(await records.find({ sort, ...(limit !== undefined && { limit }), ...(offset !== undefined && { offset }) })).join('');
    assert.equal(await sorted(['rank']), 'abcde');
    assert.equal(await sorted(['-rank']), 'ebcda');
    assert.equal(await sorted(['-status', 'rank']), 'adebc');
    assert.equal(await sorted(['-id']), 'edcba');
    assert.equal(await sorted(['rank'], 2, 1), 'bc');
    assert.equal(await sorted(['rank'], 2, 4), 'e');
    assert.equal(await sorted(['rank'], undefined, 3), 'de');
  }),

  withRecords('finds and sorts by nested hot fields', async (records) => {
    await records.insertMany([100, 20, 3].map((width, n) => ({ id: `n${n}`, size: { width } })));
    assert.deepEqual(ids(await records.find({ query: { 'size.width': { $gt: 3 } }, sort: ['size.width'] })), ['n1', 'n0']);
    await records.updateById('n2', { $set: { size: { width: 50 } } });
    assert.deepEqual(ids(await records.find({ query: { 'size.width': { $gt: 20 } }, sort: ['size.width'] })), ['n2', 'n0']);
  }),

  withRecords('finds one, or null', async (records) => {
    await records.insertMany([
      { id: 'a', status: 'x' },
      { id: 'b', status: 'y' },
    ]);
    assert.equal((await records.findOne({ status: 'y' }))?.id, 'b');
    assert.equal(await records.findOne({ status: 'z' }), null);
  }),
];
