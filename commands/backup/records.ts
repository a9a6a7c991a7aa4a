import { openSqliteRecords } from '../../drivers/records/sqlite/open.ts';
import { pagesById } from '../../mixins/pages.ts';
import { assets, isShown, type AssetRecord } from '../../services/media/asset-records.ts';

const page = 500;

/** The sha256 of every asset that a file of records knows. */
export async function originalsOf(file: string): Promise<Set<string>> {
  const store = await openSqliteRecords({ file });
  try {
    const records = store.collection<AssetRecord>(assets);
    const all = new Set<string>();
    for await (const some of pagesById(records, { limit: page })) {
      for (const record of some) if (isShown(record) && record.sha256 !== undefined) all.add(record.sha256);
    }
    return all;
  } finally {
    await store.close();
  }
}
