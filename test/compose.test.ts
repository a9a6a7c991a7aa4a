import { type Files, readFiles } from './fixtures/infrastructure/files.ts';
import { images, manners, ports, type Rule, schema, volumes } from './fixtures/infrastructure/services.ts';
import { endpoints, image, manual, variables } from './fixtures/infrastructure/together.ts';

/** A way to break one of the files: what of it is replaced, by what, and what has to be found. */
type Breakage = [file: keyof Files, from: string | RegExp, to: string, fault: RegExp];

const rules: [string, Rule, Breakage[]][] = [
  [
    'docker-compose.yml is what the specification says',
    schema,
    [
      ['compose', 'read_only: true', 'readonly: true', /readonly/],
      ['compose', 'restart: unless-stopped', 'restart: [always]', /restart/],
      ['compose', 'stop_grace_period: 30s', 'stop_grace_period: soon', /duration/],
      ['compose', '4222}:4222', '4222}:nats', /ports/],
    ],
  ],
  [
    'every image is of one exact version',
    images,
    [
      ['compose', 'mongo:8.0.17', 'mongo:latest', /mongodb: .*no exact/],
      ['compose', 'mongo:8.0.17', 'mongo', /mongodb: .*no exact/],
      ['compose', 'nats:2.12.12-alpine', 'nats:2.12-alpine', /nats: .*no exact/],
      ['compose', 'vitrail:0.1.0', 'vitrail:0.0.9', /is not vitrail:/],
      ['package', '"version": "', '"version": "9', /is not vitrail:9/],
    ],
  ],
  [
    'every service has a health check, limits, a restart, an end to its log, and no rights to spare',
    manners,
    [
      ['compose', /test: \[CMD, wget[^\n]*/, 'retries: 3', /nats: no health check/],
      ['dockerfile', /HEALTHCHECK[^]*?\]\n/, '', /edge: no health check/],
      ['compose', 'healthcheck: &check {', 'healthcheck: &check { disable: true,', /core: no health check/],
      ['compose', 'restart: unless-stopped', '', /minio: no restart/],
      ['compose', 'mem_limit: ${MONGO_MEMORY:-1536m}', '', /mongodb: no limit of memory/],
      ['compose', 'cpus: ${NODE_CPUS:-2}', '', /worker: no limit of processors/],
      ['compose', 'pids_limit: 2048', '', /opensearch: no limit of processes/],
      ['compose', ", max-file: '3'", '', /its log grows/],
      ['compose', 'cap_drop: [ALL]', 'cap_drop: [SYS_ADMIN]', /keeps capabilities/],
      ['compose', 'user: mongodb', 'privileged: true', /mongodb: keeps capabilities/],
      ['compose', "security_opt: ['no-new-privileges:true']", '', /may gain rights/],
      ['compose', 'profiles: [core, vitrail]', 'profiles: [core]', /in no profile/],
      ['compose', 'read_only: true', 'read_only: false', /write where it likes/],
    ],
  ],
  [
    'ports are published to this machine alone, each a number of its own by a variable of its own',
    ports,
    [
      ['compose', '127.0.0.1:${S3_PORT', '0.0.0.0:${S3_PORT', /S3_PORT/],
      ['compose', '127.0.0.1:${S3_PORT:-9000}:', '', /is not/],
      ['compose', ':-9001}', ':-9000}', /9000 twice/],
      ['compose', '${S3_CONSOLE_PORT', '${S3_PORT', /S3_PORT twice/],
    ],
  ],
  [
    'named volumes are declared and used, files are mounted to be read',
    volumes,
    [
      ['compose', '\n  minio-data:\n', '\n', /minio-data is not declared/],
      ['compose', '      - mongo-config:/data/configdb\n', '', /mongo-config is not used/],
      ['compose', 'mongo-config:/', 'mongo-data:/', /mongo-data is shared/],
      ['compose', './deploy/nats.conf', './deploy/nat.conf', /nat.conf/],
      ['compose', 'vitrail.conf:ro', 'vitrail.conf', /nats.conf/],
    ],
  ],
  [
    'docker-compose.yml and .env.example name the same variables and defaults, and secrets have none',
    variables,
    [
      ['settings', 'MONGO_CACHE_GB=0.5\n', '', /MONGO_CACHE_GB is not in/],
      ['settings', 'S3_PORT=9000', 'S3_PORT=9100', /S3_PORT is 9100/],
      ['settings', 'NATS_PASSWORD=', 'NATS_PASSWORD=changeme', /NATS_PASSWORD has to be set/],
      ['settings', 'EDGE_PORT', 'UNUSED=1\nEDGE_PORT', /UNUSED of .env.example is read by nobody/],
      ['compose', /\$\{VITRAIL_API_KEYS:\?[^}]*\}/, '${VITRAIL_API_KEYS:-}', /API_KEYS is a secret/],
      ['compose', /\$\{VITRAIL_API_KEYS:\?[^}]*\}/, '$VITRAIL_API_KEYS', /API_KEYS is a secret/],
      ['compose', 'and set NATS_PASSWORD}', 'and think}', /does not name it/],
    ],
  ],
  [
    'nodes find every engine where it listens, and wait for it',
    endpoints,
    [
      ['compose', 'http://minio:9000', 'http://s3:9000', /VITRAIL_S3_ENDPOINT/],
      ['compose', '@nats:4222', '@nats:4223', /VITRAIL_NATS_URL/],
      [
        'compose',
        'opensearch: { condition: service_healthy }',
        'opensearch: { condition: service_started }',
        /wait for opensearch/,
      ],
      ['compose', 'VITRAIL_ROLE: worker', 'VITRAIL_ROLE: core', /no worker/],
      ['compose', /\n {6}VITRAIL_API_KEYS[^\n]*/, '', /open to everybody/],
      ['nats', '$NATS_USER', '$NATS_NAME', /wants NATS_NAME/],
    ],
  ],
  [
    'the manual names the same images, ports, volumes and commands',
    manual,
    [
      ['manual', 'mongo:8.0.17', 'mongo:8.0.16', /lacks: `mongodb` \| `mongo:8.0.17`/],
      ['manual', '9200 (`OPENSEARCH_PORT`)', '9201 (`OPENSEARCH_PORT`)', /has: .*9201/],
      ['manual', '`mongo-data`, ', '', /lacks: .*`mongo-data`/],
      ['manual', '127.0.0.1:$S3_PORT', '127.0.0.1:$S3_CONSOLE_PORT', /VITRAIL_S3_ENDPOINT/],
      ['compose', 'nats:2.12.12', 'nats:2.12.13', /2.12.13/],
      ['package', 'infra:reset', 'infra:clear', /infra:reset/],
    ],
  ],
  [
    'the image is of two stages, on the Node.js of package.json, without dev dependencies and root, and starts as npm start',
    image,
    [
      ['package', /"node": "24/, '"node": "26', /from node:24/],
      ['dockerfile', ' --omit=dev', '', /dev dependencies/],
      ['dockerfile', 'ffmpeg tini', 'tini', /no ffmpeg/],
      ['dockerfile', 'ENTRYPOINT ["tini", "--"]', '', /process 1/],
      ['dockerfile', 'USER node', 'USER root', /root/],
      ['dockerfile', 'CMD ["node", "--max-semi-space-size=1", ', 'CMD ["node", ', /is not npm start/],
      ['dockerfile', 'ENV MALLOC_ARENA_MAX=2', '', /MALLOC_ARENA_MAX/],
      ['dockerfile', 'VOLUME /data', '', /no volume/],
      ['dockerfile', 'COPY services ./services', '', /lets in services/],
      ['ignored', '!services\n', '', /keeps out services/],
      ['ignored', '\n*\n', '\n', /everything in/],
      ['ignored', '!public', '!.env\n!public', /lets in .env/],
    ],
  ],
];

const files = readFiles();

describe.each(rules)('%s', (_title, rule, breakages) => {
  it('holds', () => {
    expect(rule(files)).toEqual([]);
  });

  const cases = breakages.map((breakage) => [JSON.stringify(String(breakage[1])), ...breakage] as const);
  it.each(cases)('finds the fault where %s is replaced (%s)', (_what, file, from, to, fault) => {
    const broken = files[file].replace(from, to);
    expect(broken).not.toBe(files[file]);
    expect(rule({ ...files, [file]: broken }).join('\n')).toMatch(fault);
  });
});
