import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Records, RecordStore } from '../../drivers/records/port.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import { keep, manifestsInForce, manifestsOf, recall, type ManifestRow } from './memory.ts';

let folder: string;
let store: RecordStore;
let records: Records<ManifestRow>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-memory-'));
  store = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
  records = store.collection<ManifestRow>(manifestsInForce);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});
const versions = async () => manifestsOf(await recall(records)).map(({ name, version }) => `${name} ${version}`);

describe('what a mesh remembers of its enrichers', () => {
  it('is what was in force last', async () => {
    expect(await keep(records, [], [manifest('b'), manifest('a')])).toBe(true);
    expect(await keep(records, await recall(records), [manifest('a', { version: '2.0.0' })])).toBe(true);
    expect(await versions()).toEqual(['a 2.0.0', 'b 1.0.0']);
  });

  it('is not written again where it is the same', async () => {
    await keep(records, [], [manifest('a')]);
    await keep(records, await recall(records), [manifest('a')]);
    expect(await recall(records)).toMatchObject([{ id: 'a', rev: 1 }]);
  });

  it('is not overwritten by a node that did not know yet what another has written', async () => {
    await keep(records, [], [manifest('a')]);
    const seen = await recall(records);
    expect(await keep(records, seen, [manifest('a', { version: '3.0.0' })])).toBe(true);
    expect(await keep(records, seen, [manifest('a', { version: '2.0.0' })])).toBe(false);
    expect(await keep(records, [], [manifest('a', { version: '1.0.0' }), manifest('b')])).toBe(false);
    expect(await versions()).toEqual(['a 3.0.0', 'b 1.0.0']);
  });

  it('is whole or not: a failure to write is told', async () => {
    const failing = { ...records, insert: () => Promise.reject(new Error('no disk')) } as Records<ManifestRow>;
    await expect(keep(failing, [], [manifest('a')])).rejects.toThrow('no disk');
  });

  it('leaves out what only another version of Vitrail understands', async () => {
    await records.insert({ id: 'new', rev: 1, manifest: { name: 'new', shape: 'unknown' } as never });
    await keep(records, [], [manifest('a')]);
    expect(await versions()).toEqual(['a 1.0.0']);
  });
});
