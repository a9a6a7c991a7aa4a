import pLimit from 'p-limit';
import type { BlobStore } from '../../drivers/blobs/port.ts';
import { examination } from '../../mixins/examination.ts';
import { pagesById } from '../../mixins/pages.ts';
import type { Examination } from '../contracts/examination.ts';
import { shown, type AssetRecord, type AssetRecords } from './asset-records.ts';

const page = 200;
/** Questions to the store of bytes at once: of a store that is far away each takes some ms. */
const atOnce = 16;

export interface ExamineOptions {
  records: AssetRecords;
  blobs: Pick<BlobStore, 'stat'>;
  fix: boolean;
  /** Has an enricher make its files of an asset again; answers whether it will. */
  again(id: string, enricher: string): Promise<boolean>;
}

/** Looks for each file that an asset names. A lost original nobody can make again; a lost derived file its enricher can. */
export async function examineFiles({ records, blobs, fix, again }: ExamineOptions): Promise<Examination> {
  const tally = examination();
  const limit = pLimit(atOnce);
  const isThere = async (key: string): Promise<boolean> => (await limit(() => blobs.stat(key))) !== null;

  async function examine({ id, sha256 = '', files }: AssetRecord): Promise<void> {
    if (!(await isThere(`originals/${sha256}`))) {
      tally.found('original-missing', id, false);
      return;
    }
    for (const [enricher, own] of Object.entries(files)) {
      const there = await Promise.all(own.map(({ key }) => isThere(key)));
      if (there.every(Boolean)) continue;
      const mended = fix && (await again(id, enricher));
      own.forEach(({ key }, index) => there[index] === false && tally.found('derived-missing', key, mended));
    }
  }

  for await (const some of pagesById(records, { query: { state: { $in: shown } }, limit: page })) {
    await Promise.all(some.map(examine));
    tally.saw(some.length);
  }
  return tally.result();
}
