import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { addresses, bytes, host, hosts, integer, integers, keys, oneOf, optionalPath, path } from './kinds.ts';
import { meshVariables } from './mesh-variables.ts';
import { variable, type Variable } from './variable.ts';

export type { Variable } from './variable.ts';

/** The folder of package.json. */
export const packageRoot = join(import.meta.dirname, '..');

const minute = 60;
const day = 86_400;

/** Every variable, by its name in `Config`. docs/configuration.md is made from this table. */
export const variables = {
  host: variable({
    name: 'VITRAIL_HOST',
    section: 'Server',
    kind: host,
    default: '127.0.0.1',
    doc: 'Address to listen on. Any other than one of this machine alone needs `VITRAIL_API_KEYS`.',
  }),
  port: variable({
    name: 'VITRAIL_PORT',
    section: 'Server',
    kind: integer({ min: 0, max: 65_535 }),
    default: '3000',
    doc: 'Port to listen on; 0 takes any free one.',
  }),
  apiKeys: variable({
    name: 'VITRAIL_API_KEYS',
    section: 'Server',
    kind: keys({ min: 16 }),
    default: '',
    secret: true,
    doc: 'Keys, any of which opens the API. Without one it is open to everybody who can reach it, which is this machine.',
  }),
  hostNames: variable({
    name: 'VITRAIL_HOST_NAMES',
    section: 'Server',
    kind: hosts,
    default: '',
    doc: 'Names by which it may be asked for where there are no `VITRAIL_API_KEYS`, besides addresses and names without a dot: those of a proxy in front of it, say. Other names are refused, as pages of other sites could have them lead here.',
  }),
  rateLimit: variable({
    name: 'VITRAIL_RATE_LIMIT',
    section: 'Server',
    kind: integer({ min: 0, max: 10_000_000 }),
    default: '30000',
    doc: 'How many requests to `/api` one client, told by its address, may make of each node in a minute; 0: as many as it likes.',
  }),
  trustedProxies: variable({
    name: 'VITRAIL_TRUSTED_PROXIES',
    section: 'Server',
    kind: addresses,
    default: '',
    doc: 'Proxies whose `X-Forwarded-For` names the client: addresses and networks. Without one it is the address of the connection.',
  }),
  graceSeconds: variable({
    name: 'VITRAIL_GRACE_SECONDS',
    section: 'Server',
    kind: integer({ min: 0, max: day }),
    default: '15',
    unit: 'seconds',
    doc: 'How long a stop waits for work that has begun; what has not ended by then is done at the next start.',
  }),
  profile: variable({
    name: 'VITRAIL_PROFILE',
    section: 'Storage',
    kind: oneOf('embedded', 'distributed'),
    default: 'embedded',
    doc: 'What keeps the data. `embedded`: this process, on the local disk, with no server besides. `distributed`: the servers that the variables of the mesh name, for any number of nodes.',
  }),
  data: variable({
    name: 'VITRAIL_DATA',
    section: 'Storage',
    kind: path('folder'),
    default: './data',
    doc: 'Folder of everything that is kept; made at the first start. One process at a time may use it. In the distributed profile only what enrichers keep for themselves, and each node has its own.',
  }),
  cacheBytes: variable({
    name: 'VITRAIL_CACHE_BYTES',
    section: 'Storage',
    kind: bytes({ min: 0 }),
    default: '1GiB',
    unit: 'bytes',
    doc: 'Room for renditions made on demand; those made first go first.',
  }),
  ...meshVariables,
  maxUpload: variable({
    name: 'VITRAIL_MAX_UPLOAD',
    section: 'Limits',
    kind: bytes({ min: 1 }),
    default: '4GiB',
    unit: 'bytes',
    doc: 'The largest file that is taken in.',
  }),
  maxPixels: variable({
    name: 'VITRAIL_MAX_PIXELS',
    section: 'Limits',
    kind: integer({ min: 1, max: 2_000_000_000 }),
    default: '100000000',
    unit: 'pixels',
    doc: 'Width times height of the largest picture that is taken in.',
  }),
  uploadIdleSeconds: variable({
    name: 'VITRAIL_UPLOAD_IDLE_SECONDS',
    section: 'Limits',
    kind: integer({ min: 1, max: day }),
    default: '60',
    unit: 'seconds',
    doc: 'An upload that sends nothing for this long is given up and what came of it removed.',
  }),
  openUploads: variable({
    name: 'VITRAIL_OPEN_UPLOADS',
    section: 'Limits',
    kind: integer({ min: 1, max: 1_000_000 }),
    default: '1000',
    doc: 'Resumable uploads that may be unfinished at once.',
  }),
  uploadExpirySeconds: variable({
    name: 'VITRAIL_UPLOAD_EXPIRY_SECONDS',
    section: 'Limits',
    // A store of S3 removes what lies in tmp/ for 7 days by itself.
    kind: integer({ min: 1, max: 6 * day }),
    default: String(day),
    unit: 'seconds',
    doc: 'How long an unfinished resumable upload is kept after its last byte came.',
  }),
  pluginsFile: variable({
    name: 'VITRAIL_PLUGINS_FILE',
    section: 'Work',
    kind: path('file'),
    default: join(packageRoot, 'config', 'plugins.yaml'),
    defaultDoc: '`config/plugins.yaml` of the package',
    doc: 'Which enrichers run, and their options: see Enrichers below.',
  }),
  workers: variable({
    name: 'VITRAIL_WORKERS',
    section: 'Work',
    kind: integer({ min: 1, max: 256 }),
    default: String(availableParallelism()),
    defaultDoc: 'one for each processor',
    doc: 'Child processes that enrich.',
  }),
  searchRestSeconds: variable({
    name: 'VITRAIL_SEARCH_REST_SECONDS',
    section: 'Storage',
    kind: integer({ min: 0, max: day }),
    default: '300',
    unit: 'seconds',
    doc: 'After this long without a search or a change the index gives its memory back; the next search loads it again, a second for each 100,000 assets. 0: never.',
  }),
  ffmpeg: variable({
    name: 'VITRAIL_FFMPEG',
    section: 'Work',
    kind: optionalPath,
    default: '',
    defaultDoc: 'those found on `PATH`',
    doc: 'The program `ffmpeg`, or its folder; `ffprobe` stands beside it. Without either, videos are read by the npm package node-av.',
  }),
  retryMs: variable({
    name: 'VITRAIL_RETRY_MS',
    section: 'Work',
    kind: integers({ min: 0, max: day * 1000 }),
    default: '1000,3000,10000',
    unit: 'milliseconds',
    doc: 'How long failed work waits before it is tried again, the first time, the second and so on; the last holds from there on.',
  }),
  reconcileSeconds: variable({
    name: 'VITRAIL_RECONCILE_SECONDS',
    section: 'Work',
    kind: integer({ min: 1, max: day }),
    default: String(minute),
    unit: 'seconds',
    doc: 'How often lost or stuck work is looked for.',
  }),
  renditionEdges: variable({
    name: 'VITRAIL_RENDITION_EDGES',
    section: 'Media',
    kind: integers({ min: 1, max: 16_384 }),
    default: '64,128,160,256,320,480,512,640,768,800,960,1024,1080,1200,1280,1440,1600,1920,2048,2560,3840',
    unit: 'pixels',
    doc: 'Widths and heights that `/media/:id?w=&h=` offers.',
  }),
  logLevel: variable({
    name: 'VITRAIL_LOG_LEVEL',
    section: 'Log',
    kind: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace'),
    default: 'warn',
    doc: 'The least grave kind of line that is logged.',
  }),
  logFormat: variable({
    name: 'VITRAIL_LOG_FORMAT',
    section: 'Log',
    kind: oneOf('pretty', 'json'),
    default: 'pretty',
    doc: '`pretty` for people, `json` for programs: one object a line.',
  }),
} as const;

type Variables = typeof variables;

/** What the environment says, checked and with defaults filled in: bytes, pixels, seconds and ms as the variables' units say. */
export type Config = { readonly [K in keyof Variables]: Variables[K] extends Variable<infer T> ? T : never };
