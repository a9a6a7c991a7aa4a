import { jest } from '@jest/globals';
import { ConfigError, loadConfig } from '../index.ts';

/** What the drivers are asked for, and what each does when it is opened. */
const log: string[] = [];
type Opening = (options: object) => Promise<object>;
const port =
  (name: string): Opening =>
  async (options) => {
    log.push(`open ${name} ${JSON.stringify(options)}`);
    return {
      name,
      async close() {
        log.push(`close ${name}`);
      },
    };
  };
const drivers: Record<string, Opening> = {};
beforeEach(() => {
  log.length = 0;
  for (const name of ['blobs', 'records', 'search', 'channel', 'nats']) drivers[name] = port(name);
});
const drive = (name: string) => (options: object) => drivers[name]!(options);
jest.unstable_mockModule('../../drivers/blobs/s3.ts', () => ({
  openS3Blobs: drive('blobs'),
  joinS3Blobs: (options: object) => ({ joined: options }),
}));
jest.unstable_mockModule('../../drivers/records/mongo/open.ts', () => ({ openMongoRecords: drive('records') }));
jest.unstable_mockModule('../../drivers/search/opensearch/open.ts', () => ({ openOpenSearch: drive('search') }));
jest.unstable_mockModule('../../drivers/channel/jetstream/open.ts', () => ({ openJetStream: drive('channel') }));
jest.unstable_mockModule('../../drivers/channel/jetstream/reach.ts', () => ({
  reach: (url: string) => drivers['nats']!({ url }),
}));
const { openDistributed, joinDistributedBlobs } = await import('./distributed.ts');

const servers = {
  VITRAIL_NATS_URL: 'nats://n:4222',
  VITRAIL_MONGO_URL: 'mongodb://m:27017/vitrail',
  VITRAIL_S3_ENDPOINT: 'http://s:9000',
  VITRAIL_S3_ACCESS_KEY: 'access',
  VITRAIL_S3_SECRET_KEY: 'secret',
  VITRAIL_OPENSEARCH_URL: 'http://o:9200',
};
const configured = (env: Record<string, string> = servers) => loadConfig({ VITRAIL_PROFILE: 'distributed', ...env });
const quiet = () => undefined;
const opened = () => log.filter((line) => line.startsWith('open')).map((line) => line.split(' ')[1]);

describe('the distributed profile', () => {
  it('opens every port for a node that does everything, and closes each once', async () => {
    const ports = await openDistributed(configured(), quiet);
    expect([ports.blobs, ports.records, ports.search, ports.channel]).toMatchObject(
      ['blobs', 'records', 'search', 'channel'].map((name) => ({ name })),
    );
    expect([...ports.names].sort()).toEqual(['blobs', 'channel', 'records', 'search']);
    await ports[Symbol.asyncDispose]();
    expect(log.filter((line) => line.startsWith('close')).sort()).toEqual([
      'close blobs',
      'close channel',
      'close records',
      'close search',
    ]);
  });

  it('names streams and indexes after the namespace, so that several share the servers', async () => {
    await openDistributed(
      configured({ ...servers, VITRAIL_NAMESPACE: 'other', VITRAIL_S3_BUCKET: 'pictures', VITRAIL_NODE_ID: 'n-1' }),
      quiet,
    );
    expect(log.sort()).toEqual([
      'open blobs {"endpoint":"http://s:9000","accessKey":"access","secretKey":"secret","bucket":"pictures","region":"us-east-1"}',
      'open channel {"url":"nats://n:4222","name":"other","nodeID":"n-1"}',
      'open records {"url":"mongodb://m:27017/vitrail"}',
      'open search {"url":"http://o:9200","index":"other"}',
    ]);
  });

  it('opens nothing that a node has no use for, and says so where it is asked for', async () => {
    const { VITRAIL_MONGO_URL: _m, VITRAIL_OPENSEARCH_URL: _o, ...some } = servers;
    const ports = await openDistributed(configured({ ...some, VITRAIL_ROLE: 'worker' }), quiet);
    expect([ports.names, opened()]).toEqual([['blobs'], ['blobs', 'nats']]);
    expect(() => ports.records).toThrow('no service of this node needs records: see VITRAIL_ROLE');
  });

  it('names in one line all that is missing for what the node does, and no secret', async () => {
    const { VITRAIL_S3_SECRET_KEY: _s, VITRAIL_MONGO_URL: _m, VITRAIL_NATS_URL: _n, ...some } = servers;
    await expect(openDistributed(configured(some), quiet)).rejects.toThrow(
      new ConfigError(
        'the distributed profile needs VITRAIL_NATS_URL, VITRAIL_MONGO_URL, VITRAIL_S3_SECRET_KEY, too, for what is to be done here: set them.',
      ),
    );
    expect(log).toEqual([]);
  });

  it('wants the mesh itself even of a node with no port on it', async () => {
    const { VITRAIL_NATS_URL: _n, ...some } = servers;
    await expect(openDistributed(configured({ ...some, VITRAIL_ROLE: 'worker' }), quiet)).rejects.toThrow(
      'needs VITRAIL_NATS_URL, too',
    );
  });

  it('waits for the mesh itself, and names its server, also for a node with no port on it', async () => {
    const refusals = [new Error('refused')];
    const well = drivers['nats']!;
    drivers['nats'] = async (options) => {
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      return well(options);
    };
    const told: string[] = [];
    await openDistributed(configured({ ...servers, VITRAIL_ROLE: 'worker' }), (...line) => void told.push(line.join(': ')));
    expect(told).toEqual(['NATS (VITRAIL_NATS_URL): refused', 'NATS (VITRAIL_NATS_URL)']);
    expect(log).toContain('open nats {"url":"nats://n:4222"}');
  });

  it('closes what was open, and waits for no other server, where the settings of one will not do', async () => {
    drivers.records = () => Promise.reject(new TypeError('the address names no host'));
    drivers.search = () => Promise.reject(new Error('refused'));
    await expect(openDistributed(configured(), quiet)).rejects.toMatchObject({
      name: 'ConfigError',
      message: 'MongoDB (VITRAIL_MONGO_URL) cannot be used: the address names no host',
    });
    expect(log.filter((line) => line.startsWith('close')).sort()).toEqual(['close blobs', 'close channel']);
  });

  it('gives child processes the bytes alone, without asking the store for anything', async () => {
    const publicEndpoint = 'https://bytes.example';
    expect(await joinDistributedBlobs(configured({ ...servers, VITRAIL_S3_PUBLIC_ENDPOINT: publicEndpoint }))).toMatchObject({
      joined: { endpoint: 'http://s:9000', publicEndpoint, accessKey: 'access', bucket: 'vitrail' },
    });
    expect(opened()).toEqual([]);
  });
});
