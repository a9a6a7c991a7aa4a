import { createHash } from 'node:crypto';
import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSet } from '../../config/profiles/data-set.ts';
import { openFsBlobs } from '../../drivers/blobs/fs.ts';
import { BlobError } from '../../drivers/blobs/port.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { uploads } from '../../services/ingest/uploads.ts';
import { assets } from '../../services/media/asset-records.ts';
import { ledger } from '../../services/pipeline/ledger.ts';
import { catalogue } from '../../services/tags/tag-records.ts';
import { Refusal } from '../command.ts';
import { move, type Moved, type MoveOptions } from './move.ts';

/** More than one page. */
const count = 450;

let folder: string;
let from: DataSet;
let to: DataSet;
let emptied: number;

async function open(name: string): Promise<DataSet> {
  const blobs = await openFsBlobs({ root: join(folder, name) });
  const records = await openSqliteRecords({ file: join(folder, `${name}.sqlite`) });
  return {
    where: name,
    blobs,
    records,
    async emptyIndex() {
      emptied += 1;
    },
    async [Symbol.asyncDispose]() {
      await records.close();
      await blobs.close();
    },
  };
}

const contents = (k: number): Buffer => Buffer.from(`picture ${k}`.repeat(100));
const shaOf = (k: number): string => createHash('sha256').update(contents(k)).digest('hex');
const derivedOf = (k: number): string => `derived/${shaOf(k)}/variants/print/small.webp`;
const idOf = (k: number): string => `asset-${String(k).padStart(5, '0')}`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-move-'));
  [from, to, emptied] = [await open('from'), await open('to'), 0];
  const all = Array.from({ length: count }, (_, k) => k);
  await from.records.collection(assets).insertMany(all.map((k) => ({ id: idOf(k), sha256: shaOf(k), rev: k, said: [] })));
  await from.records
    .collection(ledger)
    .insertMany(all.map((k) => ({ id: `${idOf(k)}:echo`, status: k === 3 ? 'running' : 'done', claim: 'c', runner: 'r' })));
  await from.records.collection(catalogue).insert({ id: 'käse', name: 'Käse', due: 'now' } as { id: string });
  for (const k of all.slice(0, 20)) {
    await from.blobs.put(`originals/${shaOf(k)}`, contents(k), { durable: false });
    await from.blobs.put(derivedOf(k), contents(k).subarray(0, 100), { durable: false });
  }
  await from.blobs.put('cache/some/rendition.webp', contents(0));
});
afterEach(async () => {
  await from[Symbol.asyncDispose]();
  await to[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const go = (options: Partial<MoveOptions> = {}): Promise<Moved> =>
  move(from, to, {
    overwrite: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onWaiting: () => undefined,
    ...options,
  });
const copiedOf = ({ blobs, records }: Moved): number =>
  blobs.originals.copied + blobs.derived.copied + records.reduce((sum, { copied }) => sum + copied, 0);
const keysOf = async ({ blobs }: DataSet): Promise<string[]> => {
  const keys = [];
  for (const room of ['originals/', 'derived/', 'cache/']) for await (const { key } of blobs.list(room)) keys.push(key);
  return keys.sort();
};

it('moves every record and every blob but renditions, and what was under way becomes due', async () => {
  const moved = await go();
  expect(moved).toMatchObject({ equal: true, damaged: [], blobs: { originals: { source: 20, copied: 20, there: 0 } } });
  expect(copiedOf(moved)).toBe(2 * count + 1 + 40);
  expect(emptied).toBe(1);
  expect(await keysOf(to)).toEqual((await keysOf(from)).filter((key) => !key.startsWith('cache/')));
  for (const collection of [assets, catalogue]) {
    const all = { sort: ['id'], limit: 1000 };
    expect(await to.records.collection(collection).find(all)).toEqual(await from.records.collection(collection).find(all));
  }
  expect(await to.records.collection(ledger).findById(`${idOf(3)}:echo`)).toEqual({ id: `${idOf(3)}:echo`, status: 'pending' });
  expect(await to.records.collection(ledger).count({ query: { status: 'done' } })).toBe(count - 1);
});

it('copies nothing a second time, and leaves the index as it is', async () => {
  await go();
  const again = await go();
  expect(again).toMatchObject({ equal: true, blobs: { originals: { copied: 0, there: 20 }, derived: { copied: 0, there: 20 } } });
  expect([copiedOf(again), emptied]).toEqual([0, 1]);
});

it.each(['compare', 'blobs', 'records', 'check'] as const)('interrupted at %s it goes on where it was', async (step) => {
  const abort = new AbortController();
  const onProgress: MoveOptions['onProgress'] = (progress) => {
    if (progress.step === step && progress.done > 0) abort.abort(new Refusal('enough'));
  };
  await expect(go({ signal: abort.signal, onProgress })).rejects.toThrow();
  const indexWas = emptied;
  const moved = await go();
  expect(moved.equal).toBe(true);
  const whole = 2 * count + 1 + 40;
  if (step === 'compare') expect(copiedOf(moved)).toBe(whole);
  else expect(copiedOf(moved)).toBeLessThan(whole);
  expect(emptied).toBe(step === 'check' ? indexWas : indexWas + 1);
});

it.each([
  ['that differs', { id: idOf(7), sha256: shaOf(7), rev: 8 }],
  ['of another asset with the same bytes', { id: 'other', sha256: shaOf(7), rev: 1 }],
])('a record %s is refused before anything is written, and replaced where that is asked for', async (_what, record) => {
  await to.records.collection(assets).insert(record);
  await expect(go()).rejects.toThrow(/^to: other records are there already \(assets: .*Nothing was written.*--overwrite/);
  expect([await keysOf(to), await to.records.collection(ledger).count(), emptied]).toEqual([[], 0, 0]);

  expect((await go({ overwrite: true })).equal).toBe(true);
  expect(await to.records.collection(assets).findById(idOf(7))).toMatchObject({ rev: 7 });
  expect(await to.records.collection(assets).count()).toBe(count);
});

it('an original that the source has spoiled is named and not copied; everything else is', async () => {
  await from.blobs.put(`originals/${shaOf(2)}`, contents(3));
  const moved = await go();
  expect(moved).toMatchObject({ equal: false, blobs: { originals: { copied: 19, damaged: 1 } } });
  expect(moved.damaged).toEqual([{ key: `originals/${shaOf(2)}`, reason: 'its bytes are not those that were taken in' }]);
  expect(await to.blobs.stat(`originals/${shaOf(2)}`)).toBeNull();
  expect(await to.records.collection(assets).count()).toBe(count);

  await from.blobs.put(`originals/${shaOf(2)}`, contents(2));
  expect(await go()).toMatchObject({ equal: true, blobs: { originals: { copied: 1, there: 19 } } });
});

it('bytes of the target that are not those of their name, or not as many, are written anew', async () => {
  await go();
  await to.blobs.put(`originals/${shaOf(4)}`, contents(5));
  const small = derivedOf(6);
  const file = await to.blobs.local(small);
  await truncate(file.path, 50);
  await file.release();
  expect(await go()).toMatchObject({ equal: true, blobs: { originals: { copied: 1 }, derived: { copied: 1 } } });
  expect(await to.blobs.stat(small)).toMatchObject({ bytes: 100 });
});

it('uploads whose bytes are there and that nobody has looked at are to be accepted first', async () => {
  await from.records.collection(uploads).insertMany(['stored', 'accepted'].map((state) => ({ id: `the ${state}`, state })));
  await expect(go()).rejects.toThrow(/^from: 1 uploads have not come to their end\. Start Vitrail there once more/);
  expect(await to.records.collection(assets).count()).toBe(0);
});

it('a server that is away for a moment is waited for, and it is said which', async () => {
  const said: string[] = [];
  const { put } = to.blobs;
  let away = 1;
  to.blobs.put = (...args) =>
    away-- > 0 ? Promise.reject(new BlobError('blob.unavailable', 'the store is away')) : put(...args);
  expect(await go({ onWaiting: (reason) => said.push(reason) })).toMatchObject({ equal: true });
  expect(said).toEqual(['the store is away']);
});
