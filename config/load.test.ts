import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError, describe as shown, loadConfig } from './index.ts';
import { variables } from './variables.ts';

const messageOf = (env: Record<string, string>): string => {
  try {
    loadConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error(`was accepted: ${JSON.stringify(env)}`);
};

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toEqual({
      profile: 'embedded',
      host: '127.0.0.1',
      port: 3000,
      data: resolve('data'),
      apiKeys: [],
      maxUpload: 4 * 1024 ** 3,
      maxPixels: 100_000_000,
      logLevel: 'warn',
      logFormat: 'pretty',
      pluginsFile: join(import.meta.dirname, 'plugins.yaml'),
      workers: availableParallelism(),
      cacheBytes: 1024 ** 3,
      reconcileSeconds: 60,
      graceSeconds: 15,
      retryMs: [1000, 3000, 10_000],
      searchRestSeconds: 300,
      renditionEdges: [
        64, 128, 160, 256, 320, 480, 512, 640, 768, 800, 960, 1024, 1080, 1200, 1280, 1440, 1600, 1920, 2048, 2560, 3840,
      ],
      uploadIdleSeconds: 60,
      openUploads: 1000,
      uploadExpirySeconds: 86_400,
      rateLimit: 30_000,
      trustedProxies: [],
      hostNames: [],
      role: 'all',
      namespace: 'vitrail',
      s3Bucket: 'vitrail',
      s3Region: 'us-east-1',
    });
  });

  it('names each variable after its key', () => {
    for (const [key, { name }] of Object.entries(variables)) {
      expect(name).toBe(`VITRAIL_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`);
    }
  });

  it('takes what the environment says, without the spaces around it', () => {
    const config = loadConfig({
      VITRAIL_PORT: ' 8080 ',
      VITRAIL_DATA: '/srv/pictures',
      VITRAIL_RETRY_MS: '5, 10',
      HOME: '/root',
    });
    expect(config).toMatchObject({ port: 8080, data: '/srv/pictures', retryMs: [5, 10] });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ VITRAIL_PORT: '', VITRAIL_API_KEYS: '' })).toMatchObject({ port: 3000, apiKeys: [] });
  });

  it('cannot be changed, lists included', () => {
    const config = loadConfig({});
    expect(Object.isFrozen(config) && Object.isFrozen(config.retryMs)).toBe(true);
  });

  it.each([
    ['8388608', 8_388_608],
    ['8MB', 8_000_000],
    ['2GiB', 2 * 1024 ** 3],
    ['1.5 kib', 1536],
    ['1tb', 1e12],
    ['7 B', 7],
  ])('reads a size of %s as %d bytes', (text, size) => {
    expect(loadConfig({ VITRAIL_MAX_UPLOAD: text }).maxUpload).toBe(size);
  });

  it.each([
    ['VITRAIL_PORT', 'http', 'a whole number from 0 to 65,535'],
    ['VITRAIL_PORT', '65536', 'a whole number from 0 to 65,535'],
    ['VITRAIL_PORT', '1e3', 'a whole number from 0 to 65,535'],
    ['VITRAIL_MAX_UPLOAD', '8 XB', 'a size such as 8388608, 8MB or 2GiB'],
    ['VITRAIL_MAX_UPLOAD', '0', 'at least 1'],
    ['VITRAIL_RETRY_MS', '1000;3000', 'a list of whole numbers'],
    ['VITRAIL_RETRY_MS', ',', 'a list of whole numbers'],
    ['VITRAIL_PROFILE', 'clustered', 'embedded'],
    ['VITRAIL_LOG_LEVEL', 'loud', 'one of fatal, error, warn, info, debug, trace'],
    ['VITRAIL_HOST', 'a host', 'an IP address or the name of a host'],
    ['VITRAIL_HOST_NAMES', 'photos.example/', 'a list of names of hosts'],
    ['VITRAIL_TRUSTED_PROXIES', '10.0.0.0/8, proxy', 'a list of IP addresses or networks'],
    ['VITRAIL_WORKERS', '0', 'a whole number from 1 to 256'],
  ])('refuses %s=%s in one line that says what would do', (name, text, right) => {
    const message = messageOf({ [name]: text });
    expect(message).toContain(`${name} is "${text}"`);
    expect(message).toContain(right);
    expect(message).not.toContain('\n');
  });

  it('refuses an unknown variable with its prefix and names the nearest known one', () => {
    expect(messageOf({ VITRAIL_PROT: '1' })).toBe(
      'VITRAIL_PROT is not a variable that Vitrail knows. Did you mean "VITRAIL_PORT"?',
    );
    expect(messageOf({ VITRAIL_WALLPAPERS: '1' })).toMatch(/VITRAIL_WALLPAPERS .* docs\/configuration\.md/);
  });
});

describe('API keys', () => {
  const key = 'a-key-of-twenty-chars';

  it('are a list parted by commas', () => {
    expect(loadConfig({ VITRAIL_API_KEYS: `${key}, ${key}2,` }).apiKeys).toEqual([key, `${key}2`]);
  });

  it.each(['tooshort', `${key},tooshort`, 'with a space in it, sixteen'])('are refused without being shown: %s', (keys) => {
    const message = messageOf({ VITRAIL_API_KEYS: keys });
    expect(message).toMatch(/^VITRAIL_API_KEYS .*at least 16 printable characters/);
    for (const part of keys.split(',')) expect(message).not.toContain(part);
  });

  it('are masked where the configuration is shown', () => {
    const text = JSON.stringify(shown(loadConfig({ VITRAIL_API_KEYS: key, VITRAIL_PORT: '81' })));
    expect(text).not.toContain(key);
    expect(JSON.parse(text)).toMatchObject({ apiKeys: ['***'], port: 81 });
  });

  it.each(['0.0.0.0', '::', '192.168.1.2', 'pictures.example', '::ffff:10.0.0.1'])('are needed to listen on %s', (host) => {
    const message = messageOf({ VITRAIL_HOST: host });
    expect(message).toMatch(/^VITRAIL_HOST is .*set VITRAIL_API_KEYS/);
    expect(message).not.toContain('\n');
    expect(loadConfig({ VITRAIL_HOST: host, VITRAIL_API_KEYS: key }).host).toBe(host);
  });

  it.each(['127.0.0.1', '127.8.0.9', '::1', 'localhost', 'LOCALHOST'])('are not needed on %s', (host) => {
    expect(loadConfig({ VITRAIL_HOST: host }).host).toBe(host.toLowerCase());
  });
});
