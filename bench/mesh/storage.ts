import { Client as OpenSearch } from '@opensearch-project/opensearch';
import { BSON, type Db } from 'mongodb';
import { connect } from 'nats';
import { addressOf } from '../../drivers/channel/jetstream/address.ts';
import { clientOf, type Place } from './place.ts';

/** Bytes by what they are for. */
export type Bytes = Readonly<Record<string, number>>;

/** Of the documents of each collection, as BSON: before the server packs them, and without its indexes. */
export async function recordBytes(db: Db): Promise<Bytes> {
  const bytes: Record<string, number> = {};
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray())
    for await (const document of db.collection(name).find())
      bytes[name] = (bytes[name] ?? 0) + BSON.calculateObjectSize(document);
  return bytes;
}

/** Of the objects in the bucket, by the first part of their keys. */
export async function objectBytes({ env, name }: Place): Promise<Bytes & { objects: number }> {
  const bytes: Record<string, number> = {};
  let objects = 0;
  for await (const { name: key, size } of clientOf(env).listObjectsV2(name, '', true)) {
    const [folder = ''] = String(key).split('/');
    bytes[folder] = (bytes[folder] ?? 0) + Number(size);
    objects += 1;
  }
  return { ...bytes, objects };
}

/** Of the index on disk, one copy of it, merged to one segment. */
export async function indexBytes({ env, name }: Place): Promise<number> {
  const client = new OpenSearch({ node: env['VITRAIL_OPENSEARCH_URL'] ?? '' });
  try {
    const index = `${name}-*`;
    await client.indices.forcemerge({ index, max_num_segments: 1 });
    await client.indices.flush({ index });
    const { body } = await client.cat.indices({ index, format: 'json', bytes: 'b', h: ['pri.store.size'] });
    return (body as { 'pri.store.size': string }[]).reduce((sum, row) => sum + Number(row['pri.store.size']), 0);
  } finally {
    await client.close();
  }
}

/** What waits in the streams: bytes on the server's disk a message; NaN where nothing waits. */
export async function queueBytes({ env, name }: Place): Promise<number> {
  const nats = await connect(addressOf(env['VITRAIL_NATS_URL'] ?? ''));
  try {
    let [bytes, messages] = [0, 0];
    for await (const { config, state } of (await nats.jetstreamManager()).streams.list()) {
      if (!config.name.startsWith(name)) continue;
      bytes += state.bytes;
      messages += state.messages;
    }
    return bytes / messages;
  } finally {
    await nats.close();
  }
}
