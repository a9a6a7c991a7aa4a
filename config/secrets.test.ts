import { childEnv } from '../mixins/enricher/child-env.ts';
import { blobKeysOf, childEnvironment, config, forgetSecrets } from './index.ts';
import { type Variable, variables } from './variables.ts';

const secrets = Object.values<Variable>(variables).flatMap(({ name, secret }) => (secret ? [name as string] : []));
const given: Record<string, string> = {
  VITRAIL_PROFILE: 'distributed',
  VITRAIL_S3_ENDPOINT: 'http://s:9000',
  VITRAIL_S3_ACCESS_KEY: 'access',
  VITRAIL_S3_SECRET_KEY: 'secret',
  VITRAIL_NATS_URL: 'nats://anna:secret@n:4222',
  VITRAIL_MONGO_URL: 'mongodb://anna:secret@m/vitrail',
  VITRAIL_OPENSEARCH_URL: 'http://anna:secret@o:9200',
  VITRAIL_API_KEYS: 'a-key-of-twenty-chars',
};

let before: NodeJS.ProcessEnv;
beforeEach(() => {
  before = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith('VITRAIL_')) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, given);
});
afterEach(() => {
  for (const name of Object.keys(given)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
});

it('forgets every secret of the environment, and keeps what it has read of them', () => {
  expect(secrets.sort()).toEqual(
    Object.keys(given)
      .filter((name) => !/PROFILE|ENDPOINT/.test(name))
      .sort(),
  );
  forgetSecrets();
  expect(secrets.filter((name) => name in process.env)).toEqual([]);
  expect(process.env['VITRAIL_S3_ENDPOINT']).toBe('http://s:9000');
  expect(config()).toMatchObject({ s3SecretKey: 'secret', natsUrl: given['VITRAIL_NATS_URL'] });
});

it('has no secret in the environment of child processes; the keys of the bytes are told apart', () => {
  const forChildren = childEnv(childEnvironment(config()));
  expect(secrets.filter((name) => name in forChildren)).toEqual([]);
  expect(forChildren).toMatchObject({ VITRAIL_S3_ENDPOINT: 'http://s:9000', VITRAIL_PROFILE: 'distributed' });
  expect(blobKeysOf(config())).toEqual({ s3AccessKey: 'access', s3SecretKey: 'secret' });
});
