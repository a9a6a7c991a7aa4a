import { BlobError, type BlobInfo, type BlobStore } from '../../drivers/blobs/port.ts';
import { isVitrailError } from '../contracts/errors.ts';
import { refuseUpload, type AcceptOptions } from './accept.ts';
import { partsOf } from './resumable.ts';
import type { Upload, Uploads } from './uploads.ts';

const page = 200;
/** Finished uploads are kept this long, to be asked about. */
const keepMs = 24 * 3600 * 1000;
/** Bytes that nobody claims are left alone this long: whoever writes them may be about to claim them. */
export const graceMs = 3600 * 1000;

export interface ReconcileOptions extends AcceptOptions {
  /** Takes an upload in whose bytes are all here. */
  finish(upload: Upload): Promise<unknown>;
  /** Whether a broker instance is part of the mesh. */
  isAlive(runner: string): boolean;
  /** A whole upload that has not moved for this long, in ms, is taken up again, whoever received it. */
  idleMs: number;
  /** Told of what went wrong with one upload; the round goes on. */
  onError(error: unknown): void;
  /** Which of these keys an asset claims. */
  claimed(keys: string[]): Promise<string[]>;
}

/** Uploads whose receiver is gone: their bytes will never be whole. A living receiver ends its idle ones itself. */
export async function endStuckUploads(options: ReconcileOptions): Promise<number> {
  const receiving = await options.uploads.find({ query: { state: 'receiving' }, sort: ['changedAt'], limit: page });
  const stuck = receiving.filter(({ runner = '' }) => !options.isAlive(runner));
  for (const upload of stuck) await refuseUpload(upload, 'upload.aborted', options);
  return stuck.length;
}

/** Uploads whose bytes are whole but whose acceptance was interrupted: it is run again. */
export async function resumeStoredUploads(options: ReconcileOptions): Promise<number> {
  const stored = await options.uploads.find({ query: { state: 'stored' }, sort: ['changedAt'], limit: page });
  let resumed = 0;
  for (const upload of stored) {
    const { runner, changedAt } = upload;
    const mayBeUnderWay = runner === undefined || options.isAlive(runner);
    if (mayBeUnderWay && Date.now() - changedAt < options.idleMs) continue;
    try {
      await options.finish(upload);
    } catch (error) {
      // Bytes that are gone cannot be resumed; what else went wrong is tried again in the next round, and stops no other upload.
      if (error instanceof BlobError && error.code === 'blob.missing') await refuseUpload(upload, 'upload.aborted', options);
      else if (!isVitrailError(error)) options.onError(error);
    }
    resumed += 1;
  }
  return resumed;
}

/** Bytes in tmp/ of no upload under way. */
export async function sweepTmp({ uploads, blobs, isAlive }: ReconcileOptions): Promise<number> {
  let swept = 0;
  for await (const { key, modifiedAt } of blobs.list('tmp/')) {
    const [id = ''] = key.slice('tmp/'.length).split('.');
    const upload = await uploads.findById(id);
    // Bytes may have come whose part, or upload, is about to be noted.
    const young = Date.now() - modifiedAt < graceMs;
    if (upload === null ? young : isUnderWay(upload, key, { isAlive, young })) continue;
    await blobs.remove(key);
    swept += 1;
  }
  return swept;
}

function isUnderWay(
  { state, runner = '', resumable }: Upload,
  key: string,
  { isAlive, young }: Pick<ReconcileOptions, 'isAlive'> & { young: boolean },
): boolean {
  if (state === 'open') return young || (resumable !== undefined && partsOf(resumable).some(({ tmp }) => tmp === key));
  return state === 'stored' || (state === 'receiving' && isAlive(runner));
}

/** Walks all stored blobs, some at every call, and removes those that no asset names. */
export function orphanPatrol(blobs: BlobStore, claimed: ReconcileOptions['claimed'], each = 5000): () => Promise<number> {
  let walk: AsyncIterator<BlobInfo> | undefined;
  async function* all(): AsyncGenerator<BlobInfo> {
    yield* blobs.list('originals/');
    yield* blobs.list('derived/');
  }
  async function removeUnclaimed(infos: readonly BlobInfo[]): Promise<number> {
    const old = infos.filter(({ modifiedAt }) => Date.now() - modifiedAt > graceMs).map(({ key }) => key);
    const kept = new Set(old.length > 0 ? await claimed(old) : []);
    const orphans = old.filter((key) => !kept.has(key));
    for (const key of orphans) await blobs.remove(key);
    return orphans.length;
  }
  return async () => {
    walk ??= all();
    let removed = 0;
    let batch: BlobInfo[] = [];
    for (let seen = 0; seen < each; seen += 1) {
      const next = await walk.next();
      if (next.done === true) {
        walk = undefined;
        break;
      }
      batch.push(next.value);
      if (batch.length === page) {
        removed += await removeUnclaimed(batch);
        batch = [];
      }
    }
    return removed + (await removeUnclaimed(batch));
  };
}

export const purgeUploads = (uploads: Uploads): Promise<number> =>
  uploads.removeMany({ state: { $in: ['accepted', 'refused'] }, changedAt: { $lt: Date.now() - keepMs } });
