import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ulid } from 'ulid';
import { openFsBlobs } from '../../drivers/blobs/fs.ts';
import type { BlobStore } from '../../drivers/blobs/port.ts';
import type { RecordStore } from '../../drivers/records/port.ts';
import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { removeBytes } from './accept.ts';
import { joinParts } from './join.ts';
import { sweepTmp, type ReconcileOptions } from './reconcile.ts';
import {
  appendPart,
  expireUploads,
  openUpload,
  resumableUpload,
  terminateUpload,
  toResumableUpload,
  type ResumableOptions,
} from './resumable.ts';
import { uploads as collection, type Upload } from './uploads.ts';

const note = { filename: 'sunset.jpg', lane: 'interactive' } as const;
const hour = 3600 * 1000;
let folder: string;
let store: RecordStore;
let blobs: BlobStore;
let options: ResumableOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrail-resumable-'));
  store = await openSqliteRecords({ file: join(folder, 'records.sqlite') });
  blobs = await openFsBlobs({ root: join(folder, 'blobs') });
  options = { uploads: store.collection<Upload>(collection), blobs, maxOpen: 3, expiryMs: 24 * hour };
});
afterEach(async () => {
  await store.close();
  await blobs.close();
  await rm(folder, { recursive: true, force: true });
});

const open = async (length: number) => (await openUpload(options, { id: ulid(), note, length, metadata: undefined })).id;
const part = (id: string, bytes: string) => blobs.receive(`${id}.${ulid()}`, Buffer.from(bytes));
const add = async (id: string, offset: number, bytes: string) => appendPart(options, id, offset, await part(id, bytes));
const temporary = async () => {
  const keys: string[] = [];
  for await (const { key } of blobs.list('tmp/')) keys.push(key);
  return keys;
};
const age = async (id: string, ms: number) => options.uploads.updateMany({ id }, { $set: { changedAt: Date.now() - ms } });
const refusal = (type: string) => expect.objectContaining({ type }) as Error;

it('is whole after its last part, and its bytes are those of the parts in order', async () => {
  const id = await open(12);
  // Text order would put 10 before 2.
  for (const [offset, bytes] of [
    [0, 'ab'],
    [2, 'cdefghij'],
    [10, 'k'],
    [11, 'l'],
  ] as const)
    await add(id, offset, bytes);
  const upload = await resumableUpload(options.uploads, id);
  expect(upload).toMatchObject({ state: 'stored', bytes: 12, resumable: { offset: 12 } });
  const stored = await joinParts(upload, options);
  expect(stored).toMatchObject({ tmp: `tmp/${id}`, bytes: 12 });
  expect(await text(await blobs.read(stored.tmp))).toBe('abcdefghijkl');
  expect(await options.uploads.findById(id)).toMatchObject({ tmp: `tmp/${id}`, sha256: stored.sha256 });
  // After a crash it is done again.
  expect((await joinParts(upload, options)).sha256).toBe(stored.sha256);
  await removeBytes(blobs, stored);
  expect(await temporary()).toEqual([]);
});

it('that came in one piece is not copied', async () => {
  const id = await open(3);
  const one = await part(id, 'abc');
  const stored = await joinParts(await appendPart(options, id, 0, one), options);
  expect(stored).toMatchObject({ tmp: one.tmp, sha256: one.sha256 });
  expect(await temporary()).toEqual([one.tmp]);
});

it('takes one of two parts for the same offset, and removes the other', async () => {
  const id = await open(4);
  const [one, two] = [await part(id, 'aa'), await part(id, 'bb')];
  const results = await Promise.allSettled([appendPart(options, id, 0, one), appendPart(options, id, 0, two)]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { type: 'upload.offset', data: { offset: 2 } },
  });
  expect(await temporary()).toHaveLength(1);
  await add(id, 2, 'cc');
  const stored = await joinParts(await resumableUpload(options.uploads, id), options);
  expect(await text(await blobs.read(stored.tmp))).toMatch(/^(aa|bb)cc$/);
});

it('takes nothing past its length, nothing once it is whole, and nothing in more pieces than may be', async () => {
  const id = await open(3);
  await expect(add(id, 0, 'abcd')).rejects.toEqual(refusal('upload.too-large'));
  await add(id, 0, 'abc');
  await expect(add(id, 3, 'd')).rejects.toEqual(refusal('upload.finished'));
  const many = await open(20_000);
  const parts = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, n) => [`p${n}`, { tmp: `tmp/${many}.${n}`, sha256: '', bytes: 1 }]),
  );
  await options.uploads.updateMany({ id: many }, { $set: { 'resumable.parts': parts, 'resumable.offset': 10_000 } });
  await expect(add(many, 10_000, 'x')).rejects.toEqual(refusal('upload.too-many-parts'));
  expect(await temporary()).toHaveLength(1);
});

it('is one of so many at once', async () => {
  const ids = [await open(1), await open(1), await open(1)];
  await expect(open(1)).rejects.toEqual(refusal('server.busy'));
  await terminateUpload(options, ids[0] ?? '');
  await open(1);
});

it('that was given up is forgotten; a whole one cannot be', async () => {
  const id = await open(4);
  await add(id, 0, 'ab');
  await terminateUpload(options, id);
  expect(await temporary()).toEqual([]);
  await expect(resumableUpload(options.uploads, id)).rejects.toEqual(refusal('upload.not-found'));
  const whole = await open(2);
  await add(whole, 0, 'ab');
  await expect(terminateUpload(options, whole)).rejects.toEqual(refusal('upload.finished'));
  expect(await temporary()).toHaveLength(1);
});

it('expires a while after its last byte, and not before', async () => {
  const [old, living] = [await open(4), await open(4)];
  await add(old, 0, 'ab');
  await add(living, 0, 'ab');
  await age(old, 25 * hour);
  await age(living, 23 * hour);
  expect(await expireUploads(options)).toBe(1);
  expect(await temporary()).toHaveLength(1);
  expect(toResumableUpload(await resumableUpload(options.uploads, old), options.expiryMs)).toMatchObject({
    state: 'refused',
    code: 'upload.gone',
  });
  await expect(add(old, 2, 'cd')).rejects.toEqual(refusal('upload.gone'));
  await add(living, 2, 'cd');
});

it('keeps the bytes of its parts from the sweep, and no others', async () => {
  const id = await open(4);
  await add(id, 0, 'ab');
  const lost = await part(id, 'never noted');
  const young = await part(id, 'about to be noted');
  const long = new Date(Date.now() - 2 * hour);
  for await (const { key } of blobs.list('tmp/')) if (key !== young.tmp) await utimes(join(folder, 'blobs', key), long, long);
  const sweep = { ...options, isAlive: () => false } as unknown as ReconcileOptions;
  expect(await sweepTmp(sweep)).toBe(1);
  expect(await blobs.stat(lost.tmp)).toBeNull();
  expect(await temporary()).toHaveLength(2);
});
