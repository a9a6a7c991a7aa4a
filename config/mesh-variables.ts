import { name, names, oneOf, optional, integer, text, url } from './kinds.ts';
import { roles, serviceNames } from './roles.ts';
import { variable } from './variable.ts';

const server = (...protocols: string[]) => optional(url(protocols));
const servers = (...protocols: string[]) => optional(url(protocols, { several: true }));

/** The variables of the distributed profile: which node this is, and where its servers are. */
export const meshVariables = {
  role: variable({
    name: 'VITRAIL_ROLE',
    section: 'Mesh',
    kind: oneOf(...roles),
    default: 'all',
    doc: 'What this node does. `edge`: HTTP and media. `core`: takes in, plans, indexes. `worker`: enriches. `all`: everything.',
  }),
  services: variable({
    name: 'VITRAIL_SERVICES',
    section: 'Mesh',
    kind: optional(names(serviceNames)),
    default: '',
    defaultDoc: 'those of the role',
    doc: 'The services that this node hosts, instead of those of its role.',
  }),
  plugins: variable({
    name: 'VITRAIL_PLUGINS',
    section: 'Mesh',
    kind: optional(names()),
    default: '',
    defaultDoc: 'all of the plugins file for `all` and `worker`, none for `edge` and `core`',
    doc: 'The enrichers of the plugins file that this node runs, instead of those of its role; `none` for none.',
  }),
  nodeId: variable({
    name: 'VITRAIL_NODE_ID',
    section: 'Mesh',
    kind: optional(name),
    default: '',
    defaultDoc: 'made of the name of the host and the process id',
    doc: 'The name of this node in the mesh, in logs and in `GET /api/nodes`. No two nodes may have the same at the same time.',
  }),
  healthPort: variable({
    name: 'VITRAIL_HEALTH_PORT',
    section: 'Mesh',
    kind: optional(integer({ min: 1, max: 65_535 })),
    default: '',
    doc: 'Port on which this node answers `/health` and `/ready`, whichever services it hosts and from before its servers are there.',
  }),
  metricsPort: variable({
    name: 'VITRAIL_METRICS_PORT',
    section: 'Mesh',
    kind: optional(integer({ min: 1, max: 65_535 })),
    default: '',
    doc: 'Port on which this node answers `/metrics` to Prometheus, each sample with its `nodeID`. Without it nothing is counted, which is faster. No key is asked for: `VITRAIL_HOST` says who reaches it.',
  }),
  namespace: variable({
    name: 'VITRAIL_NAMESPACE',
    section: 'Mesh',
    kind: name,
    default: 'vitrail',
    doc: 'Nodes of one namespace form a mesh; streams and indexes are named after it. So several share the same servers; database and bucket have names of their own.',
  }),
  natsUrl: variable({
    name: 'VITRAIL_NATS_URL',
    section: 'Mesh',
    kind: servers('nats', 'tls'),
    default: '',
    secret: true,
    doc: 'NATS with JetStream: how nodes find each other, and the queue of work. `nats://user:password@host:4222`.',
  }),
  mongoUrl: variable({
    name: 'VITRAIL_MONGO_URL',
    section: 'Mesh',
    kind: servers('mongodb', 'mongodb+srv'),
    default: '',
    secret: true,
    doc: 'MongoDB with the name of the database: the records. `mongodb://user:password@host:27017/vitrail`.',
  }),
  s3Endpoint: variable({
    name: 'VITRAIL_S3_ENDPOINT',
    section: 'Mesh',
    kind: server('http', 'https'),
    default: '',
    doc: 'An S3 store: the bytes. `https://host:9000`.',
  }),
  s3AccessKey: variable({
    name: 'VITRAIL_S3_ACCESS_KEY',
    section: 'Mesh',
    kind: optional(text),
    default: '',
    secret: true,
    doc: 'The access key of the S3 store.',
  }),
  s3SecretKey: variable({
    name: 'VITRAIL_S3_SECRET_KEY',
    section: 'Mesh',
    kind: optional(text),
    default: '',
    secret: true,
    doc: 'The secret key of the S3 store.',
  }),
  s3Bucket: variable({
    name: 'VITRAIL_S3_BUCKET',
    section: 'Mesh',
    kind: name,
    default: 'vitrail',
    doc: 'The bucket; made at the first start.',
  }),
  s3Region: variable({
    name: 'VITRAIL_S3_REGION',
    section: 'Mesh',
    kind: name,
    default: 'us-east-1',
    doc: 'The region of the S3 store.',
  }),
  s3PublicEndpoint: variable({
    name: 'VITRAIL_S3_PUBLIC_ENDPOINT',
    section: 'Mesh',
    kind: server('http', 'https'),
    default: '',
    doc: 'The S3 store as browsers reach it. Where it is set, `GET /media/:id` of an original over 1 MiB answers 307 to an address there that holds for four hours, so that its bytes do not pass through this node.',
  }),
  opensearchUrl: variable({
    name: 'VITRAIL_OPENSEARCH_URL',
    section: 'Mesh',
    kind: server('http', 'https'),
    default: '',
    secret: true,
    doc: 'OpenSearch: the index. `https://user:password@host:9200`.',
  }),
} as const;
