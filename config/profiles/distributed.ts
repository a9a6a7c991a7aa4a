import type { BlobStore } from '../../drivers/blobs/port.ts';
import { ConfigError } from '../error.ts';
import type { OnWaiting, OpenPorts, PortName, Ports } from '../ports.ts';
import { neededPorts } from '../roles.ts';
import { type Config, variables } from '../variables.ts';
import type { DataSet, Side } from './data-set.ts';
import { whenThere } from './when-there.ts';

/** What a port stands on, as people know it. */
export const servers: Record<PortName, string> = {
  blobs: 'the S3 store (VITRAIL_S3_ENDPOINT)',
  records: 'MongoDB (VITRAIL_MONGO_URL)',
  search: 'OpenSearch (VITRAIL_OPENSEARCH_URL)',
  channel: 'NATS JetStream (VITRAIL_NATS_URL)',
};

type ServerKey = 'natsUrl' | 'mongoUrl' | 's3Endpoint' | 's3AccessKey' | 's3SecretKey' | 'opensearchUrl';
type Servers = Readonly<Record<ServerKey, string>>;

const needed: Record<PortName, readonly ServerKey[]> = {
  blobs: ['s3Endpoint', 's3AccessKey', 's3SecretKey'],
  records: ['mongoUrl'],
  search: ['opensearchUrl'],
  channel: ['natsUrl'],
};

/** @throws ConfigError that names all that is missing, so that it is said once */
function demand<C extends Pick<Config, ServerKey>>(config: C, keys: readonly ServerKey[]): C & Servers {
  const missing = [...new Set(keys)].filter((key) => config[key] === undefined).map((key) => variables[key].name);
  if (missing.length > 0)
    throw new ConfigError(
      `the distributed profile needs ${missing.join(', ')}, too, for what is to be done here: set ${missing.length > 1 ? 'them' : 'it'}.`,
    );
  return config as C & Servers;
}

const storeOf = ({ s3Endpoint, s3PublicEndpoint, s3AccessKey, s3SecretKey, s3Bucket, s3Region }: Config & Servers) => ({
  endpoint: s3Endpoint,
  publicEndpoint: s3PublicEndpoint,
  accessKey: s3AccessKey,
  secretKey: s3SecretKey,
  bucket: s3Bucket,
  region: s3Region,
});

/** @throws ConfigError where an address or a key is missing */
export async function joinDistributedBlobs(config: Config): Promise<BlobStore> {
  const { joinS3Blobs } = await import('../../drivers/blobs/s3.ts');
  return joinS3Blobs(storeOf(demand(config, needed.blobs)));
}

const open = {
  async blobs(config) {
    const { openS3Blobs } = await import('../../drivers/blobs/s3.ts');
    return openS3Blobs(storeOf(config));
  },
  async records({ mongoUrl }) {
    const { openMongoRecords } = await import('../../drivers/records/mongo/open.ts');
    return openMongoRecords({ url: mongoUrl });
  },
  async search({ opensearchUrl, namespace }) {
    const { openOpenSearch } = await import('../../drivers/search/opensearch/open.ts');
    return openOpenSearch({ url: opensearchUrl, index: namespace });
  },
  async channel({ natsUrl, namespace, nodeId }) {
    const { openJetStream } = await import('../../drivers/channel/jetstream/open.ts');
    return openJetStream({ url: natsUrl, name: namespace, ...(nodeId !== undefined && { nodeID: nodeId }) });
  },
} satisfies { [K in PortName]: (config: Config & Servers) => Promise<Ports[K]> };

const nats = 'NATS (VITRAIL_NATS_URL)';
async function reachNats({ natsUrl }: Servers): Promise<void> {
  const { reach } = await import('../../drivers/channel/jetstream/reach.ts');
  await reach(natsUrl);
}

/** A port that this node has no use for, and so no connection. */
const absent = (name: PortName): never => {
  throw new Error(`no service of this node needs ${name}: see VITRAIL_ROLE`);
};

/**
 * The servers that the configuration names, those that this node's services need: each is waited for, and said to be waited for.
 * @throws ConfigError where an address is missing
 */
export async function openDistributed(
  config: Config,
  onWaiting: OnWaiting,
  names: readonly PortName[] = neededPorts(config),
): Promise<OpenPorts> {
  const settings = demand(config, ['natsUrl', ...names.flatMap((name) => needed[name])]);
  await using stack = new AsyncDisposableStack();
  const there: Partial<Ports> = {};
  const givenUp = new AbortController();
  const options = { onWaiting, signal: givenUp.signal };
  const ready = names.map(async (name) => {
    const port = await whenThere<Ports[PortName]>(servers[name], () => open[name](settings), options);
    Object.assign(there, { [name]: stack.adopt(port, () => port.close()) });
  });
  // A node that has no port there is waited for as well: Moleculer, which connects after this, names no server.
  if (!names.includes('channel')) ready.push(whenThere(nats, () => reachNats(settings), options));
  // The first failure ends the waiting for the others; those that were being opened are, and closed again.
  for (const one of ready) one.catch((error: unknown) => givenUp.signal.aborted || givenUp.abort(error));
  await Promise.allSettled(ready);
  givenUp.signal.throwIfAborted();
  const opened = stack.move();
  const port = <N extends PortName>(name: N): Ports[N] => there[name] ?? absent(name);
  return {
    names,
    get blobs() {
      return port('blobs');
    },
    get records() {
      return port('records');
    },
    get search() {
      return port('search');
    },
    get channel() {
      return port('channel');
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** What is kept on the servers. Whether a node is at work on it is not looked at. */
export async function openDistributedData(config: Config, side: Side, onWaiting: OnWaiting): Promise<DataSet> {
  const ports = await openDistributed(config, onWaiting, side === 'to' ? ['blobs', 'records', 'search'] : ['blobs', 'records']);
  return {
    where: 'the servers of the mesh',
    blobs: ports.blobs,
    records: ports.records,
    async emptyIndex() {
      const rebuild = await ports.search.rebuild?.();
      await rebuild?.finish();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(ports[Symbol.asyncDispose]()),
  };
}
