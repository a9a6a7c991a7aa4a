import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFsBlobs } from '../../drivers/blobs/fs.ts';
import type { BlobStore } from '../../drivers/blobs/port.ts';
import { sharp } from '../../mixins/pictures.ts';
import { photo } from '../../test/fixtures/pictures.ts';
import { openRenderer } from './renderer.ts';

const sha256 = 'a'.repeat(64);
const source = { key: `originals/${sha256}`, type: 'image/jpeg' };
const wish = { width: 64, height: 48, fit: 'inside', format: 'webp' } as const;

let root: string;
let blobs: BlobStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrail-renderer-'));
  blobs = await openFsBlobs({ root });
});
afterEach(async () => {
  await blobs.close();
  await rm(root, { recursive: true });
});

const bytesOf = (key: string): Promise<number> => openRenderer(blobs, { maxPixels: 1e8 }).bytesOf(key, source, wish);

it('makes a rendition once, and keeps it', async () => {
  await blobs.put(source.key, await photo(1));
  const key = `cache/${sha256}/x/inside-64x48.webp`;
  const bytes = await bytesOf(key);
  const kept = await blobs.local(key);
  expect(await sharp(kept.path).metadata()).toMatchObject({ format: 'webp', width: 64, height: 48 });
  await kept.release();
  expect(await bytesOf(key)).toBe(bytes);
});

it('says that a picture is damaged, rather than that the server failed, and keeps nothing of it', async () => {
  const whole = await photo(2);
  await blobs.put(source.key, whole.subarray(0, whole.length / 2));
  const key = `cache/${sha256}/x/inside-64x48.webp`;
  await expect(bytesOf(key)).rejects.toMatchObject({ type: 'media.unreadable', code: 422 });
  expect(await blobs.stat(key)).toBeNull();
});
