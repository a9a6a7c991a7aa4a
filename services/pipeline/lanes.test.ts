import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Records, RecordStore } from '../../drivers/records/port.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { openLanes, pauses, type PauseRow } from './lanes.ts';

let folder: string;
let store: RecordStore;
let records: Records<PauseRow>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-lanes-'));
  store = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
  records = store.collection<PauseRow>(pauses);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the lanes that work is taken from', () => {
  it('are all but the paused ones, and a node knows once it has read that', async () => {
    const [one, other] = [openLanes(records), openLanes(records)];
    await one.pause('backfill');
    await one.pause('backfill');
    expect(other.open()).toEqual(['interactive', 'backfill']);
    expect(await other.reread()).toBe(true);
    expect(await other.reread()).toBe(false);
    expect(other.open()).toEqual(['interactive']);
    await one.resume('backfill');
    await one.resume('backfill');
    expect(await other.reread()).toBe(true);
    expect(other.open()).toEqual(['interactive', 'backfill']);
  });

  it('stay as the latest question found them, when the answer to an earlier one comes late', async () => {
    const late = Promise.withResolvers<void>();
    let asked = 0;
    const slow = {
      insert: records.insert.bind(records),
      removeById: records.removeById.bind(records),
      async find() {
        const first = asked++ === 0;
        const found = await records.find();
        if (first) await late.promise;
        return found;
      },
    };
    const lanes = openLanes(slow);
    await lanes.pause('interactive');
    const early = lanes.reread();
    await lanes.resume('interactive');
    expect(await lanes.reread()).toBe(false);
    late.resolve();
    expect(await early).toBe(false);
    expect(lanes.open()).toEqual(['interactive', 'backfill']);
  });
});
