import { ConfigError, describe as shown, loadConfig } from './index.ts';

const load = (env: Record<string, string>) => loadConfig({ VITRAIL_PROFILE: 'distributed', ...env });
const messageOf = (env: Record<string, string>): string => {
  try {
    load(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error(`was accepted: ${JSON.stringify(env)}`);
};

describe('the secrets of a mesh', () => {
  const secrets = {
    VITRAIL_NATS_URL: 'nats://anna:hidden@n:4222',
    VITRAIL_MONGO_URL: 'mongodb://anna:hidden@m:27017/vitrail',
    VITRAIL_S3_ACCESS_KEY: 'hidden-access',
    VITRAIL_S3_SECRET_KEY: 'hidden-secret',
    VITRAIL_OPENSEARCH_URL: 'https://anna:hidden@o:9200',
  };

  it('are masked where the configuration is shown, and what is not set is not', () => {
    const text = JSON.stringify(shown(load(secrets)));
    expect(text).not.toMatch(/hidden|anna/);
    expect(JSON.parse(text)).toMatchObject({ natsUrl: '***', s3SecretKey: '***' });
    expect(shown(load({})).natsUrl).toBeUndefined();
  });

  it.each(Object.keys(secrets))('%s is refused without being shown', (name) => {
    const message = messageOf({ [name]: ' ftp://anna:hidden@n \u0007' });
    expect(message).toContain(`${name} is not as it should be; it has to be `);
    expect(message).not.toMatch(/hidden|anna|\n/);
  });
});

describe('the variables of a mesh', () => {
  it.each([
    ['VITRAIL_NATS_URL', 'nats://one:4222,two:4222, tls://three'],
    ['VITRAIL_MONGO_URL', 'mongodb://u:p@one:27017,two:27017/vitrail?replicaSet=r'],
    ['VITRAIL_MONGO_URL', 'mongodb+srv://cluster.example/vitrail'],
    ['VITRAIL_OPENSEARCH_URL', 'https://user:password@host:9200'],
    ['VITRAIL_S3_ENDPOINT', 'http://[::1]:9000'],
  ])('take %s=%s', (name, text) => {
    expect(Object.values(load({ [name]: text }))).toContain(text);
  });

  it.each([
    ['VITRAIL_NATS_URL', 'one:4222', 'nats:// or tls://, more of them'],
    ['VITRAIL_NATS_URL', 'nats://', 'nats:// or tls://'],
    ['VITRAIL_NATS_URL', 'nats://one:4222,,two', 'parted by commas'],
    ['VITRAIL_NATS_URL', 'nats://one:4222,http://two', 'parted by commas'],
    ['VITRAIL_MONGO_URL', 'postgres://m/vitrail', 'mongodb:// or mongodb+srv://'],
    ['VITRAIL_OPENSEARCH_URL', 'http://one:9200,two:9200', 'http:// or https://'],
    ['VITRAIL_NAMESPACE', 'Vitrail.prod', 'lower-case letters'],
    ['VITRAIL_NODE_ID', '-a', 'lower-case letters'],
    ['VITRAIL_ROLE', 'boss', 'one of all, edge, core, worker'],
    ['VITRAIL_SERVICES', 'media,search,mail', 'a list of nodes, media,'],
    ['VITRAIL_PLUGINS', 'palette;tags', 'a list of names'],
    ['VITRAIL_HEALTH_PORT', '0', 'from 1 to'],
    ['VITRAIL_METRICS_PORT', '65536', 'from 1 to'],
    ['VITRAIL_S3_SECRET_KEY', 'a b', 'without spaces'],
  ])('refuse %s=%s, saying what would do', (name, text, right) => {
    expect(messageOf({ [name]: text })).toContain(right);
  });

  it('are undefined where nothing is set, and lists keep their order', () => {
    expect(load({ VITRAIL_SERVICES: ' search, media ,' }).services).toEqual(['search', 'media']);
    const { services, plugins, nodeId, healthPort, metricsPort, natsUrl } = load({});
    expect([services, plugins, nodeId, healthPort, metricsPort, natsUrl]).toEqual(Array(6).fill(undefined));
  });

  it.each([
    ['VITRAIL_ROLE', 'worker'],
    ['VITRAIL_SERVICES', 'media'],
  ])('refuse %s=%s in the embedded profile, where one process does everything', (name, text) => {
    expect(messageOf({ VITRAIL_PROFILE: 'embedded', [name]: text })).toMatch(new RegExp(`^${name} .*VITRAIL_PROFILE`));
  });
});
