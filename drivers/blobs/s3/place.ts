import http from 'node:http';
import https from 'node:https';
import { Client } from 'minio';
import { segmentsOfPrefix } from '../keys.ts';
import { attempts, type Attempt } from './attempts.ts';
import { transport } from './transport.ts';

export interface S3Options {
  /** Such as `http://minio:9000`. */
  endpoint: string;
  accessKey: string;
  secretKey: string;
  /** Made where there is none. */
  bucket: string;
  /** `us-east-1` unless told. */
  region?: string | undefined;
  /** Everything lies below it, where the bucket is shared: such as `vitrail/`. */
  prefix?: string | undefined;
  /** The store as browsers reach it, where that differs: for `address`. */
  publicEndpoint?: string | undefined;
  /** Where `local` puts its files: the system's folder for temporary files unless told. */
  cacheDir?: string | undefined;
  /** A call fails when nothing has moved for this long, in ms: 10 s unless told. */
  patienceMs?: number | undefined;
  /** Told of what the store does not let us set, once, when it is opened. */
  warn?: ((message: string) => void) | undefined;
}

/** Where the blobs are. */
export interface Place {
  client: Client;
  /** Signs addresses; makes no requests. */
  signer: Client;
  /** Without credentials, for messages. */
  endpoint: string;
  bucket: string;
  region: string;
  prefix: string;
  patienceMs: number;
  attempt: Attempt;
  warn: S3Options['warn'];
  /** The object's name in the bucket. */
  nameOf(key: string): string;
  close(): void;
}

const defaultPatienceMs = 10_000;
const maxIdleConnections = 32;

export function placeOf(options: S3Options): Place {
  const { bucket, region = 'us-east-1', prefix = '', patienceMs = defaultPatienceMs } = options;
  if (prefix !== '') segmentsOfPrefix(prefix);
  const url = addressOf(options.endpoint);
  const secure = url.protocol === 'https:';
  // No limit on connections: each has a call under way, and a reader who pauses must not keep a writer waiting.
  const agent = new (secure ? https : http).Agent({ keepAlive: true, maxFreeSockets: maxIdleConnections });
  const clientAt = ({ protocol, hostname, port }: URL): Client =>
    new Client({
      endPoint: hostname.replace(/^\[(.*)\]$/, '$1'),
      ...(port === '' ? {} : { port: Number(port) }),
      useSSL: protocol === 'https:',
      accessKey: options.accessKey,
      secretKey: options.secretKey,
      // Asking for the bucket's region would cost a request, and a second one after each that fails.
      region,
      transport: transport(secure, patienceMs),
      transportAgent: agent,
      retryOptions: { disableRetry: true },
    });
  return {
    client: clientAt(url),
    signer: clientAt(addressOf(options.publicEndpoint ?? options.endpoint)),
    endpoint: url.origin,
    bucket,
    region,
    prefix,
    patienceMs,
    attempt: attempts(url.origin, patienceMs),
    warn: options.warn,
    nameOf: (key) => `${prefix}${key}`,
    close: () => agent.destroy(),
  };
}

/** Credentials have no place in it: it is shown in messages. */
function addressOf(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const { protocol = '', username, password, pathname, search } = url ?? {};
  if (!url || !/^https?:$/.test(protocol) || username || password || pathname !== '/' || search) {
    throw new TypeError(
      'that is no address of an S3 store: write http://host:port or https://host, without credentials and path',
    );
  }
  return url;
}
