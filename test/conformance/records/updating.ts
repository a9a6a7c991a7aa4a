import assert from 'node:assert/strict';
import type { Update } from '../../../drivers/records/port.ts';
import { fitting, rejects, withRecords, type RecordsCase } from './case.ts';

/** An update touches the paths it names. */
export const updating: RecordsCase[] = [
  withRecords('changes only the paths that an update names, making objects on the way', async (records) => {
    await records.insert({ id: 'a', rank: 1, enrichments: { palette: { dominant: '#fff', old: 1 } } });
    const update: Update = {
      $set: { 'enrichments.palette.dominant': '#000', 'enrichments.my-plugin.2.x': { y: [1] }, flag: true, none: null },
      $unset: { 'enrichments.palette.old': true, 'not.there': true },
      $inc: { rank: 2, 'counts.seen': 1 },
    };
    const after = {
      id: 'a',
      rank: 3,
      flag: true,
      none: null,
      counts: { seen: 1 },
      enrichments: { palette: { dominant: '#000' }, 'my-plugin': { '2': { x: { y: [1] } } } },
    };
    assert.deepEqual(await records.updateById('a', update), after);
    assert.deepEqual(await records.findById('a'), after);
    assert.equal(await fitting(records, { rank: 3, flag: true, 'enrichments.my-plugin.2.x.y': 1 }), 'a');
  }),

  withRecords('changes hundreds of paths in one update', async (records) => {
    const counts = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`n${n}`, n]));
    await records.insert({ id: 'a' });
    const paths = (of: Record<string, number>): Record<string, number> =>
      Object.fromEntries(Object.entries(of).map(([key, n]) => [`counts.${key}`, n]));
    assert.deepEqual(await records.updateById('a', { $set: paths(counts) }), { id: 'a', counts });
    await records.updateById('a', { $inc: paths(counts) });
    assert.deepEqual(
      (await records.findById('a'))?.counts,
      Object.fromEntries(Object.entries(counts).map(([key, n]) => [key, 2 * n])),
    );
    const unset = Object.fromEntries(Object.keys(counts).map((key) => [`counts.${key}`, true as const]));
    assert.deepEqual(await records.updateById('a', { $unset: unset }), { id: 'a', counts: {} });
  }),

  withRecords('takes a field away, so that it is missing', async (records) => {
    await records.insert({ id: 'a', status: 'x', deep: { er: 1 } });
    await records.updateById('a', { $unset: { status: true, 'deep.er': true } });
    assert.deepEqual(await records.findById('a'), { id: 'a', deep: {} });
    assert.equal(await fitting(records, { status: { $exists: false }, 'deep.er': { $exists: false } }), 'a');
  }),

  withRecords('lets writers of different paths of one record never undo each other', async (records) => {
    await records.insert({ id: 'a', rank: 0 });
    const names = Array.from({ length: 40 }, (_, n) => `plugin-${n}`);
    await Promise.all(
      names.map((name, n) => records.updateById('a', { $set: { [`enrichments.${name}.result`]: n }, $inc: { rank: 1 } })),
    );
    const record = await records.findById('a');
    assert.deepEqual(record?.enrichments, Object.fromEntries(names.map((name, n) => [name, { result: n }])));
    assert.equal(record.rank, 40);
  }),

  withRecords('keeps numbers exact', async (records) => {
    const created = 1_763_800_000_123;
    await records.insert({ id: 'a', rank: Number.MAX_SAFE_INTEGER - 1, created, share: 0.1 });
    const record = await records.updateById('a', { $inc: { rank: 1, created: 1, share: 0.2 } });
    assert.deepEqual(record, { id: 'a', rank: Number.MAX_SAFE_INTEGER, created: created + 1, share: 0.1 + 0.2 });
  }),

  withRecords('refuses updates that it does not understand or cannot do, and changes nothing', async (records) => {
    const before = { id: 'a', rank: 1, status: 'x', list: [1], none: null };
    await records.insert(before);
    const bad: unknown[] = [
      { $push: { list: 2 } },
      { status: 'y' },
      { $set: { id: 'b' } },
      { $set: { 'a"b': 1 } },
      { $set: { 'a.': 1 } },
      { $set: { $x: 1 } },
      { $set: { deep: 1, 'deep.er': 2 } },
      { $set: { rank: 1 }, $inc: { rank: 1 } },
      { $set: { rank: 9, 'status.deeper': 1 } },
      { $set: { rank: 9, 'none.deeper': 1 } },
      { $set: { rank: 9, 'list.0': 2 } },
      { $inc: { rank: 1, none: 1 } },
      { $inc: { status: 1 } },
      { $inc: { rank: '1' } },
    ];
    for (const update of bad) {
      await rejects(() => records.updateById('a', update as Update), 'records.query-invalid');
      await rejects(() => records.updateMany({ id: 'a' }, update as Update), 'records.query-invalid');
    }
    assert.deepEqual(await records.findById('a'), before);
  }),
];
