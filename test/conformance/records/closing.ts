import assert from 'node:assert/strict';
import { rejects, withRecords, type RecordsCase } from './case.ts';

/** The end of a store. */
export const closing: RecordsCase[] = [
  withRecords('answers whether it is there, and after its end that it is not', async (_records, store) => {
    await store.ping();
    await store.close();
    await assert.rejects(store.ping());
  }),
  withRecords('finishes what was issued before it was closed, and refuses what comes after', async (records, store) => {
    const writing = records.insert({ id: 'a' });
    const closing = store.close();
    assert.deepEqual(await writing, { id: 'a' });
    await closing;
    await rejects(() => records.insert({ id: 'b' }), 'records.closed');
    await rejects(() => records.find(), 'records.closed');
  }),
];
