import type { BlobInfo, BlobStore } from '../../drivers/blobs/port.ts';
import { examination } from '../../mixins/examination.ts';
import type { Examination } from '../contracts/examination.ts';
import { graceMs } from './reconcile.ts';

const page = 500;

export interface ExamineOptions {
  blobs: Pick<BlobStore, 'list' | 'remove'>;
  fix: boolean;
  /** Which of these keys an asset claims. */
  claimed(keys: string[]): Promise<string[]>;
}

/** Looks whether an asset names each blob. Young ones are left alone: who writes them may be about to claim them. */
export async function examineBlobs({ blobs, fix, claimed }: ExamineOptions): Promise<Examination> {
  const tally = examination();
  async function examine(infos: readonly BlobInfo[]): Promise<void> {
    const old = infos.filter(({ modifiedAt }) => Date.now() - modifiedAt > graceMs).map(({ key }) => key);
    const kept = new Set(old.length > 0 ? await claimed(old) : []);
    for (const key of old.filter((one) => !kept.has(one))) {
      if (fix) await blobs.remove(key);
      tally.found('blob-unclaimed', key, fix);
    }
    tally.saw(infos.length);
  }
  for (const room of ['originals/', 'derived/']) {
    let batch: BlobInfo[] = [];
    for await (const info of blobs.list(room)) {
      batch.push(info);
      if (batch.length < page) continue;
      await examine(batch);
      batch = [];
    }
    await examine(batch);
  }
  return tally.result();
}
