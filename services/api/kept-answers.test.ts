import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordStore, Records } from '../../drivers/records/port.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { keptAnswers, type KeptAnswersOptions, type KeyRecord, keys } from './kept-answers.ts';

const answer = { status: 201, headers: { location: '/x' }, body: '{}' };
let folder: string;
let store: RecordStore;
let records: Records<KeyRecord>;
const alive = new Set<string>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-keys-'));
  store = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
  records = store.collection<KeyRecord>(keys);
  for (const runner of ['here', 'there']) alive.add(runner);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const on = (runner: string, more: Partial<KeptAnswersOptions> = {}) =>
  keptAnswers({ records, runner, isAlive: (name) => alive.has(name), ...more });

describe('a request that is carried out once', () => {
  it('is one’s who asks first, of many at the same time', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, (_, n) => on(n % 2 ? 'here' : 'there').claim('k', 'f')));
    expect(claims.filter((claim) => claim === 'mine')).toHaveLength(1);
    expect(claims.filter((claim) => claim === 'under-way')).toHaveLength(7);
  });

  it('is answered as it was, on whatever node', async () => {
    await on('here').claim('k', 'f');
    await on('here').keep('k', answer);
    expect(await on('there').claim('k', 'f')).toEqual(answer);
  });

  it('is told from another with the same key, answered or not', async () => {
    await on('here').claim('k', 'f');
    expect(await on('there').claim('k', 'g')).toBe('other');
    await on('here').keep('k', answer);
    expect(await on('there').claim('k', 'g')).toBe('other');
  });

  it('is carried out anew where the first was let go of', async () => {
    await on('here').claim('k', 'f');
    await on('here').release('k');
    expect(await on('there').claim('k', 'f')).toBe('mine');
  });

  it('is taken up by one where its node has died, and by one where it never ends', async () => {
    await on('there').claim('k', 'f');
    alive.delete('there');
    const claims = await Promise.all(Array.from({ length: 4 }, () => on('here').claim('k', 'f')));
    expect(claims.filter((claim) => claim === 'mine')).toHaveLength(1);
    // Whoever was taken for dead answers to nobody any more.
    await on('there').keep('k', answer);
    expect(await on('here').claim('k', 'f')).toBe('under-way');
    expect(await on('here', { patienceMs: -1 }).claim('k', 'f')).toBe('mine');
  });

  it('is forgotten after a while, and when there are too many', async () => {
    for (const key of ['a', 'b', 'c']) {
      await on('here').claim(key, 'f');
      await records.updateMany({ id: key }, { $set: { createdAt: Date.now() - 1000 * (10 - key.charCodeAt(0) + 97) } });
    }
    expect(await on('here', { keptMs: 1 }).claim('a', 'other')).toBe('mine');
    expect(await on('here', { maxKeys: 2 }).sweep()).toBe(1);
    expect(await records.findByIds(['a', 'b', 'c'])).toHaveLength(2);
    expect(await records.findById('b')).toBeNull();
    expect(await on('here', { keptMs: 5000 }).sweep()).toBe(1);
    expect(await on('here').sweep()).toBe(0);
  });
});
