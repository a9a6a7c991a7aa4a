import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import Negotiator from 'negotiator';
import { noneMatchHolds } from './conditional.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

const page = join(import.meta.dirname, 'docs-page');
const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** All there is of the page that shows the API; nothing else is read, whatever is asked for. */
const files: ReadonlyMap<string, string> = new Map([
  ['/api/docs', join(page, 'index.html')],
  ['/api/docs/start.js', join(page, 'start.js')],
  ['/api/docs/swagger-ui.css', join(swagger, 'swagger-ui.css')],
  ['/api/docs/swagger-ui-bundle.js', join(swagger, 'swagger-ui-bundle.js')],
]);

interface Packed {
  type: string;
  gzipped: Buffer;
  plain: Buffer;
  etag: string;
}

const zip = promisify(gzip);
const packed = new Map<string, Promise<Packed>>();

async function pack(file: string): Promise<Packed> {
  const plain = await readFile(file);
  const etag = createHash('sha256').update(plain).digest('base64url');
  return { type: types[extname(file)] ?? '', plain, gzipped: await zip(plain), etag };
}

/** Whether an address is one of the page that shows the API. It says nothing that is secret: it is served without a key. */
export const isDocs = (path: string): boolean => files.has(path);

/** Sends a file of that page; other headers are on the answer already. Read once, and kept. */
export async function sendDocs(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
  const file = files.get(path) ?? '';
  const found = packed.get(file) ?? pack(file);
  packed.set(file, found);
  found.catch(() => packed.delete(file));
  const { type, plain, gzipped, etag } = await found;
  const zipped = new Negotiator(req).encoding(['gzip', 'identity']) === 'gzip';
  const tag = zipped ? `"${etag}-gzip"` : `"${etag}"`;
  const headers = { 'Cache-Control': 'no-cache', ETag: tag, Vary: 'Accept-Encoding' };
  if (noneMatchHolds(req.headers['if-none-match'], tag)) {
    res.writeHead(304, headers).end();
    return;
  }
  const body = zipped ? gzipped : plain;
  res.writeHead(200, {
    ...headers,
    'Content-Type': type,
    'Content-Length': body.length,
    ...(zipped && { 'Content-Encoding': 'gzip' }),
  });
  res.end(req.method === 'HEAD' ? undefined : body);
}
