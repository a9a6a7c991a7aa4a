import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as OpenSearch } from '@opensearch-project/opensearch';
import { Client as S3 } from 'minio';
import { MongoClient } from 'mongodb';
import { connect } from 'nats';
import { addressOf } from '../../drivers/channel/jetstream/address.ts';

/** The variables that say where the servers are. */
export const serverVariables = [
  'VITRAIL_NATS_URL',
  'VITRAIL_MONGO_URL',
  'VITRAIL_S3_ENDPOINT',
  'VITRAIL_S3_ACCESS_KEY',
  'VITRAIL_S3_SECRET_KEY',
  'VITRAIL_OPENSEARCH_URL',
] as const;
type Servers = Record<(typeof serverVariables)[number], string>;

/** A namespace, database, bucket, index and folder that nobody else has, on servers that others may use: gone in the end. */
export interface Place extends AsyncDisposable {
  name: string;
  folder: string;
  /** What a node of this mesh is told besides its role and name. */
  env: Readonly<Record<string, string>>;
  /** Where a server is, without credentials. */
  where: Readonly<Record<'NATS' | 'MongoDB' | 'S3' | 'OpenSearch', string>>;
}

/** The variables that are missing, as names. */
export const missingServers = (env: NodeJS.ProcessEnv): string[] => serverVariables.filter((name) => !env[name]);

/** The same servers and login with another database; a login stays in the database that it was known to. */
export function mongoUrlOf(url: string, database: string): string {
  const [, servers = url, before = '', options = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/([^?]*))?(\?.*)?$/.exec(url) ?? [];
  const login = servers.includes('@') && !/[?&]authSource=/i.test(options);
  const source = login ? `${options === '' ? '?' : '&'}authSource=${before || 'admin'}` : '';
  return `${servers}/${database}${options}${source}`;
}

export async function openPlace(env: NodeJS.ProcessEnv, purpose: string): Promise<Place> {
  const name = `vitrail-${purpose}-${Date.now().toString(36)}${randomBytes(3).toString('hex')}`;
  const servers = Object.fromEntries(serverVariables.map((variable) => [variable, env[variable] ?? ''])) as Servers;
  const own = { ...servers, VITRAIL_MONGO_URL: mongoUrlOf(servers.VITRAIL_MONGO_URL, name) };
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  const host = (url: string): string =>
    url
      .replace(/^\w+(\+srv)?:\/\//, '')
      .replace(/^[^@/]*@/, '')
      .replace(/[/?].*$/, '');
  return {
    name,
    folder,
    env: {
      ...own,
      VITRAIL_PROFILE: 'distributed',
      VITRAIL_NAMESPACE: name,
      VITRAIL_S3_BUCKET: name,
      ...(env['VITRAIL_S3_REGION'] && { VITRAIL_S3_REGION: env['VITRAIL_S3_REGION'] }),
    },
    where: {
      NATS: host(own.VITRAIL_NATS_URL),
      MongoDB: host(own.VITRAIL_MONGO_URL),
      S3: host(own.VITRAIL_S3_ENDPOINT),
      OpenSearch: host(own.VITRAIL_OPENSEARCH_URL),
    },
    async [Symbol.asyncDispose]() {
      const removals = { streams: dropStreams, database: dropDatabase, bucket: dropBucket, index: dropIndexes };
      const outcomes = await Promise.allSettled(Object.values(removals).map((remove) => remove(own, name)));
      const left = Object.keys(removals).filter((_what, at) => outcomes[at]?.status === 'rejected');
      if (left.length > 0) console.error(`Of ${name} there is still its ${left.join(', ')}: the server did not let it go.`);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function dropStreams({ VITRAIL_NATS_URL: url }: Servers, name: string): Promise<void> {
  const nats = await connect(addressOf(url));
  try {
    const manager = await nats.jetstreamManager();
    for await (const stream of manager.streams.names()) if (stream.startsWith(name)) await manager.streams.delete(stream);
  } finally {
    await nats.close();
  }
}

async function dropDatabase({ VITRAIL_MONGO_URL: url }: Servers, name: string): Promise<void> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5000 });
  try {
    await client.db(name).dropDatabase();
  } finally {
    await client.close();
  }
}

/** A client of the store that a place is on. */
export function clientOf(env: Readonly<Record<string, string>>): S3 {
  const { hostname, port, protocol } = new URL(env['VITRAIL_S3_ENDPOINT'] ?? '');
  return new S3({
    endPoint: hostname,
    ...(port !== '' && { port: Number(port) }),
    useSSL: protocol === 'https:',
    accessKey: env['VITRAIL_S3_ACCESS_KEY'] ?? '',
    secretKey: env['VITRAIL_S3_SECRET_KEY'] ?? '',
  });
}

async function dropBucket(servers: Servers, bucket: string): Promise<void> {
  const client = clientOf(servers);
  if (!(await client.bucketExists(bucket))) return;
  const keys: string[] = [];
  for await (const { name } of client.listObjectsV2(bucket, '', true)) keys.push(String(name));
  await client.removeObjects(bucket, keys);
  await client.removeBucket(bucket);
}

async function dropIndexes({ VITRAIL_OPENSEARCH_URL: url }: Servers, name: string): Promise<void> {
  const client = new OpenSearch({ node: url });
  try {
    const { body } = await client.cat.indices({ index: `${name}-*`, format: 'json', h: ['index'] });
    for (const { index } of body as { index: string }[]) await client.indices.delete({ index });
  } finally {
    await client.close();
  }
}
