import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collection } from '../port.ts';
import { openSqliteRecords } from './open.ts';

const assets: Collection = { name: 'assets', hot: { state: 'text' } };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-records-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a store of records in a file', () => {
  it('makes its folder, and has its records when it is opened again', async () => {
    const file = join(folder, 'deep', 'er', 'records.db');
    const first = await openSqliteRecords({ file });
    await first.collection(assets).insert({ id: 'a' });
    await first.close();
    const again = await openSqliteRecords({ file });
    expect(await again.collection(assets).findById('a')).toEqual({ id: 'a' });
    await again.close();
  });

  it('gives one adapter to all who declare a collection alike, and refuses another declaration', async () => {
    const store = await openSqliteRecords({ file: ':memory:' });
    const records = store.collection(assets);
    expect(store.collection({ ...assets })).toBe(records);
    expect(() => store.collection({ ...assets, hot: {} })).toThrow('assets');
    await store.close();
    await store.close();
    expect(() => store.collection(assets)).toThrow(expect.objectContaining({ code: 'records.closed' }));
  });

  it('says which file is no database', async () => {
    const file = join(folder, 'records.db');
    await writeFile(file, 'x'.repeat(5_000));
    await expect(openSqliteRecords({ file })).rejects.toThrow(file);
  });
});
