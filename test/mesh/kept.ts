/** What a mesh keeps on its servers, past all services. */
import { openS3Blobs } from '../../drivers/blobs/s3.ts';
import { openMongoRecords } from '../../drivers/records/mongo/open.ts';
import { assets as assetsCollection, type AssetRecord } from '../../services/media/asset-records.ts';
import { ledger, type LedgerRow } from '../../services/pipeline/ledger.ts';
import { catalogue, type TagRecord } from '../../services/tags/tag-records.ts';
import { optionsOf } from '../fixtures/own-bucket.ts';
import type { MeshPlace } from '../fixtures/own-mesh.ts';

/** A document of the index, by what was put. */
interface Document {
  id: string;
  rev: number;
  raw: Record<string, unknown>;
}

export interface Kept {
  assets: AssetRecord[];
  rows: LedgerRow[];
  tags: TagRecord[];
  /** The sha256 of each original. */
  originals: string[];
  documents: Document[];
}

const all = { sort: ['id'], limit: 10_000 };

export async function keptOf(place: MeshPlace): Promise<Kept> {
  await using stack = new AsyncDisposableStack();
  const closed = <P extends { close(): Promise<void> }>(port: P): P => stack.adopt(port, () => port.close());
  const records = closed(await openMongoRecords({ url: place.VITRAIL_MONGO_URL }));
  const blobs = closed(await openS3Blobs(optionsOf(place, place.VITRAIL_S3_BUCKET)));
  return {
    assets: await records.collection<AssetRecord>(assetsCollection).find(all),
    rows: await records.collection<LedgerRow>(ledger).find(all),
    tags: await records.collection<TagRecord>(catalogue).find(all),
    originals: (await Array.fromAsync(blobs.list('originals/'))).map(({ key }) => key.slice('originals/'.length)),
    documents: await documentsOf(place),
  };
}

/** What is there of the index, of whichever one is behind its name. */
async function documentsOf({ VITRAIL_OPENSEARCH_URL: url, VITRAIL_NAMESPACE: name }: MeshPlace): Promise<Document[]> {
  const query = encodeURIComponent('live:true');
  const answer = await fetch(`${url}/${name}-assets-*/_search?size=10000&q=${query}&_source=id,rev,raw`);
  const { hits } = (await answer.json()) as { hits: { hits: { _source: Document }[] } };
  return hits.hits.map(({ _source }) => _source);
}

/** Whether the index has one document for each asset that is there, of its latest state, and no other. */
export function isIndexed({ assets, documents }: Kept): boolean {
  const states = (all: readonly { id: string; rev: number }[]): string =>
    all
      .map(({ id, rev }) => `${id} ${rev}`)
      .sort()
      .join();
  return states(documents) === states(assets.filter(({ state }) => state !== 'deleted'));
}

/**
 * Nothing that differs from one mesh to another in which the same was done: no times, no ids of assets, no counts of writes, and no lanes:
 * a round of upkeep may enter the work of a new asset just before its announcement does.
 */
export function comparable({ assets, rows, tags, documents }: Kept) {
  const names = new Map(assets.map(({ id, filename }) => [id, filename]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const there = assets.filter(({ state }) => state !== 'deleted');
  return {
    deleted: assets.length - there.length,
    assets: byName(
      there.map(({ id, rev: _rev, createdAt: _created, changedAt: _changed, prints, said = [], ...asset }) => ({
        ...asset,
        name: nameOf(id),
        said: said.map(({ at: _at, ...word }) => word),
        prints: Object.entries(prints)
          .map(([enricher, { fingerprint }]) => `${enricher} ${fingerprint}`)
          .sort(),
      })),
    ),
    rows: byName(
      rows.map(({ assetId, enricher, status, fingerprint, attempts, interruptions, error, outputs, projected }) => ({
        name: `${nameOf(assetId)} ${enricher}`,
        ...{ status, fingerprint, attempts, interruptions, error, outputs, projected },
      })),
    ),
    tags: byName(tags.map(({ createdAt: _created, ...tag }) => tag)),
    documents: byName(documents.map(({ id, raw: { createdAt: _created, ...fields } }) => ({ name: nameOf(id), fields }))),
  };
}

const byName = <T extends { name: string }>(all: T[]): T[] => all.sort((a, b) => (a.name < b.name ? -1 : 1));
