/** What a mesh keeps on its servers, past all services. */
import { openS3Blobs } from '../../drivers/blobs/s3.ts';
import { openMongoRecords } from '../../drivers/records/mongo/open.ts';
import { openOpenSearch } from '../../drivers/search/opensearch/open.ts';
import { assets as assetsCollection, type AssetRecord } from '../../services/media/asset-records.ts';
import { ledger, type LedgerRow } from '../../services/pipeline/ledger.ts';
import { optionsOf } from '../fixtures/own-bucket.ts';
import type { MeshPlace } from '../fixtures/own-mesh.ts';

export interface Kept {
  assets: AssetRecord[];
  rows: LedgerRow[];
  /** The sha256 of each original. */
  originals: string[];
  /** Documents in the index. */
  indexed: number;
}

const all = { sort: ['id'], limit: 10_000 };

export async function keptOf(place: MeshPlace): Promise<Kept> {
  await using stack = new AsyncDisposableStack();
  const closed = <P extends { close(): Promise<void> }>(port: P): P => stack.adopt(port, () => port.close());
  const records = closed(await openMongoRecords({ url: place.VITRAIL_MONGO_URL }));
  const blobs = closed(await openS3Blobs(optionsOf(place, place.VITRAIL_S3_BUCKET)));
  const index = closed(await openOpenSearch({ url: place.VITRAIL_OPENSEARCH_URL, index: place.VITRAIL_NAMESPACE }));
  return {
    assets: await records.collection<AssetRecord>(assetsCollection).find(all),
    rows: await records.collection<LedgerRow>(ledger).find(all),
    originals: (await Array.fromAsync(blobs.list('originals/'))).map(({ key }) => key.slice('originals/'.length)),
    indexed: await index.count(),
  };
}
