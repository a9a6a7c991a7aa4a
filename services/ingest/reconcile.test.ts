import { mkdtemp, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import type { BlobStore } from '../../drivers/blobs/port.ts';
import { openFsBlobs } from '../../drivers/blobs/fs.ts';
import type { RecordStore } from '../../drivers/records/port.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import type { NewAsset } from '../contracts/media.ts';
import type { Asset } from '../contracts/asset.ts';
import { acceptUpload, isStored } from './accept.ts';
import { joinParts } from './join.ts';
import { endStuckUploads, orphanPatrol, resumeStoredUploads, sweepTmp, type ReconcileOptions } from './reconcile.ts';
import { appendPart, openUpload, type ResumableOptions } from './resumable.ts';
import { beginUpload, moveUpload, uploads as collection, type Upload } from './uploads.ts';

const note = { filename: 'sunset.jpg', lane: 'interactive' } as const;
let folder: string;
let store: RecordStore;
let blobs: BlobStore;
let created: NewAsset[];
let parts: ReconcileOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-ingest-'));
  store = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
  blobs = await openFsBlobs({ root: join(folder, 'blobs') });
  created = [];
  const asAsset = (asset: NewAsset) => ({ ...asset, id: 'A' }) as unknown as Asset;
  parts = {
    uploads: store.collection<Upload>(collection),
    finish: async (upload) => acceptUpload(await joinParts(upload, parts), parts),
    blobs,
    maxPixels: 100_000_000,
    known: (sha256) => Promise.resolve(created.filter((asset) => asset.sha256 === sha256).map(asAsset)[0] ?? null),
    create(asset) {
      created.push(asset);
      return Promise.resolve({ asset: asAsset(asset), created: true });
    },
    isAlive: (runner) => runner === 'alive',
    idleMs: 60_000,
    onError(error) {
      throw error;
    },
    claimed: (keys) => Promise.resolve(keys.filter((key) => created.some(({ sha256 }) => key === `originals/${sha256}`))),
  };
});
afterEach(async () => {
  await store.close();
  await blobs.close();
  await rm(folder, { recursive: true, force: true });
});

async function received(bytes: Uint8Array | string, runner: string, file = note.filename): Promise<Upload> {
  const id = await beginUpload(parts.uploads, { ...note, filename: file }, runner);
  const source = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  const { tmp, sha256, bytes: count } = await blobs.receive(id, source);
  await moveUpload(parts.uploads, id, ['receiving'], 'stored', { tmp, sha256, bytes: count });
  return upload(id);
}
const upload = async (id: string): Promise<Upload> => (await parts.uploads.findById(id)) ?? fail(id);
function fail(id: string): never {
  throw new Error(`there is no upload ${id}`);
}
async function keys(prefix: string): Promise<string[]> {
  const found = [];
  for await (const { key } of blobs.list(prefix)) found.push(key);
  return found;
}
const photo = () => readFile('samples/sunset.jpg');

it('uploads whose receiver is gone end as refused, their bytes are removed; those of a living one go on', async () => {
  const lost = await beginUpload(parts.uploads, note, 'dead');
  await blobs.receive(lost, Buffer.from('half a file'));
  const alive = await beginUpload(parts.uploads, note, 'alive');
  expect(await endStuckUploads(parts)).toBe(1);
  expect(await upload(lost)).toMatchObject({ state: 'refused', code: 'upload.aborted' });
  expect(await upload(alive)).toMatchObject({ state: 'receiving' });
  expect(await keys('tmp/')).toEqual([]);
});

it('bytes that were whole when the node went away become an asset after all', async () => {
  const { id, sha256 = '' } = await received(await photo(), 'dead');
  expect(await resumeStoredUploads(parts)).toBe(1);
  expect(await upload(id)).toMatchObject({ state: 'accepted', assetId: 'A' });
  expect(created).toMatchObject([{ sha256, filename: 'sunset.jpg', type: 'image/jpeg', width: 2560 }]);
  expect(await keys('originals/')).toEqual([`originals/${sha256}`]);
});

it('an acceptance that stopped between the bytes and the record is finished', async () => {
  const { id, tmp = '', sha256 = '' } = await received(await photo(), 'dead');
  await blobs.commit(tmp, `originals/${sha256}`);
  expect(await resumeStoredUploads(parts)).toBe(1);
  expect(await upload(id)).toMatchObject({ state: 'accepted' });
  expect(created).toHaveLength(1);
});

it('a resumed upload that is no picture is refused and leaves nothing', async () => {
  const { id } = await received('no picture', 'dead');
  await resumeStoredUploads(parts);
  expect(await upload(id)).toMatchObject({ state: 'refused', code: 'upload.type-refused' });
  expect([...(await keys('tmp/')), ...(await keys('originals/')), ...created]).toEqual([]);
});

it('an upload whose bytes are gone is refused, and the next one is resumed all the same', async () => {
  const lost = await received('gone', 'dead');
  await blobs.remove(lost.tmp ?? '');
  const { id } = await received(await photo(), 'dead');
  await resumeStoredUploads(parts);
  expect(await upload(lost.id)).toMatchObject({ state: 'refused', code: 'upload.aborted' });
  expect(await upload(id)).toMatchObject({ state: 'accepted' });
});

it('an acceptance under way elsewhere is left alone', async () => {
  await received(await photo(), 'alive');
  expect(await resumeStoredUploads(parts)).toBe(0);
});

it('a resumable upload that is whole is taken in once nobody is at it, and refused where one of its parts is gone', async () => {
  const resumable: ResumableOptions = { ...parts, maxOpen: 10, expiryMs: 60_000 };
  const whole = async () => {
    const bytes = await photo();
    const { id } = await openUpload(resumable, { id: ulid(), note, length: bytes.length, metadata: undefined });
    for (const [from, to] of [
      [0, 1000],
      [1000, bytes.length],
    ] as const)
      await appendPart(resumable, id, from, await blobs.receive(`${id}.${ulid()}`, bytes.subarray(from, to)));
    return id;
  };
  const [fresh, idle, broken] = [await whole(), await whole(), await whole()];
  const [part = ''] = (await keys('tmp/')).filter((key) => key.startsWith(`tmp/${broken}.`));
  await blobs.remove(part);
  await parts.uploads.updateMany({ id: { $in: [idle, broken] } }, { $set: { changedAt: Date.now() - 120_000 } });
  await resumeStoredUploads(parts);
  expect(await upload(fresh)).toMatchObject({ state: 'stored' });
  expect(await upload(idle)).toMatchObject({ state: 'accepted', assetId: 'A', created: true });
  expect(await upload(broken)).toMatchObject({ state: 'refused', code: 'upload.aborted' });
  expect((await keys('tmp/')).every((key) => key.startsWith(`tmp/${fresh}.`))).toBe(true);
});

it('tmp files of finished or unknown uploads are swept, those under way and fresh strangers stay', async () => {
  const under = await beginUpload(parts.uploads, note, 'alive');
  const over = await beginUpload(parts.uploads, note, 'alive');
  for (const id of [under, over, 'stranger', 'old-stranger']) await blobs.receive(id, Buffer.from(id));
  await moveUpload(parts.uploads, over, ['receiving'], 'refused');
  const { path } = await blobs.local('tmp/old-stranger');
  await utimes(path, 0, 0);
  expect(await sweepTmp(parts)).toBe(2);
  expect((await keys('tmp/')).sort()).toEqual([`tmp/${under}`, 'tmp/stranger'].sort());
});

it('stored blobs that no asset names are removed once they are old, in rounds that each take up where the last one ended', async () => {
  const accepted = await received(await photo(), 'alive');
  if (isStored(accepted)) await acceptUpload(accepted, parts);
  for (let k = 0; k < 7; k += 1) {
    const { key } = await blobs.put(`derived/${'b'.repeat(64)}/palette/print/${k}.bin`, Buffer.from(String(k)));
    if (k > 0) await utimes((await blobs.local(key)).path, 0, 0);
  }
  await utimes((await blobs.local((await keys('originals/'))[0] ?? '')).path, 0, 0);
  const patrol = orphanPatrol(blobs, (asked) => parts.claimed(asked), 3);
  let removed = 0;
  for (let round = 0; round < 5; round += 1) removed += await patrol();
  expect(removed).toBe(6);
  expect(await keys('derived/')).toHaveLength(1);
  expect(await keys('originals/')).toHaveLength(1);
});

it('many who bring the same bytes at once all get the asset', async () => {
  const uploadsAtOnce = await Promise.all(Array.from({ length: 5 }, () => photo().then((bytes) => received(bytes, 'alive'))));
  const answers = await Promise.all(uploadsAtOnce.map((one) => (isStored(one) ? acceptUpload(one, parts) : fail(one.id))));
  expect(new Set(answers.map(({ asset }) => asset.id)).size).toBe(1);
  expect(await keys('tmp/')).toEqual([]);
});
