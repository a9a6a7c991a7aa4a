import assert from 'node:assert/strict';
import { ids, withRecords, type RecordsCase, type Thing } from './case.ts';

/** What goes in comes out. */
export const keeping: RecordsCase[] = [
  withRecords('gives back what was inserted, whole, by id', async (records) => {
    const record = {
      id: 'a',
      status: 'new',
      rank: 1.5,
      flag: false,
      title: 'Ö\'"\\\u2028',
      list: [1, 'x', null, { y: [] }],
      none: null,
      deep: { er: {} },
    };
    assert.deepEqual(await records.insert(record), record);
    assert.deepEqual(await records.findById('a'), record);
    assert.equal(await records.findById('b'), null);
  }),

  withRecords('takes any text for an id, whatever it looks like', async (records) => {
    const odd = ['0123456789abcdef01234567', 'twelve chars', '12', 'a.b/c', '$ne', 'Ö \u2028', '__proto__'];
    for (const id of odd) await records.insert({ id, rank: 1 });
    assert.deepEqual(ids(await records.findByIds(odd)).sort(), [...odd].sort());
    for (const id of odd) {
      assert.deepEqual(await records.findById(id), { id, rank: 1 });
      assert.deepEqual(ids(await records.find({ query: { id } })), [id]);
      assert.deepEqual(await records.updateById(id, { $inc: { rank: 1 } }), { id, rank: 2 });
      assert.deepEqual(await records.removeById(id), { id, rank: 2 });
    }
  }),

  withRecords('drops undefined values', async (records) => {
    const stored = { id: 'a', deep: { kept: 1 } };
    assert.deepEqual(
      await records.insert({ id: 'a', status: undefined, deep: { kept: 1, gone: undefined } } as unknown as Thing),
      stored,
    );
    assert.deepEqual(await records.updateById('a', { $set: { rank: undefined, 'deep.gone': undefined } }), stored);
    assert.deepEqual(Object.keys((await records.findById('a')) ?? {}).sort(), ['deep', 'id']);
  }),

  withRecords('keeps its copy apart from the caller’s', async (records) => {
    const record: Thing = { id: 'a', deep: { x: 1 } };
    const inserting = records.insert(record);
    record.status = 'changed after the call';
    const inserted = await inserting;
    inserted.status = 'changed after the answer';
    assert.deepEqual(await records.findById('a'), { id: 'a', deep: { x: 1 } });
  }),

  withRecords('finds several by their ids and leaves out those it does not have', async (records) => {
    await records.insertMany([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    assert.deepEqual(ids(await records.findByIds(['c', 'nobody', 'a'])).sort(), ['a', 'c']);
    assert.deepEqual(await records.findByIds([]), []);
  }),

  withRecords('keeps collections apart', async (records, store) => {
    const others = store.collection<Thing>({ name: 'others', hot: { sha256: 'text' }, unique: ['sha256'] });
    await records.insert({ id: 'a', sha256: 'same' });
    await others.insert({ id: 'a', sha256: 'same' });
    await others.removeMany({});
    assert.equal(await records.count(), 1);
  }),
];
