import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { z } from 'zod';
import { BlobError, type BlobStore, type ByteRange } from '../../drivers/blobs/port.ts';
import { VitrailError } from '../contracts/errors.ts';
import type { Located, media } from '../contracts/media.ts';
import { ifRangeHolds, noneMatchHolds, rangeOf } from './conditional.ts';
import { inlineAs } from './content-disposition.ts';
import { parseQuery, type Query, type Target } from './target.ts';

type Wish = z.input<(typeof media)['locate']['params']>;

export interface MediaOptions {
  locate(wish: Wish): Promise<Located>;
  blobs: Pick<BlobStore, 'read'>;
  /** Whether keys are needed to see media: caches that many people share must not keep it then. */
  guarded: boolean;
}

/** Up to here a file is read whole and sent at once: for small ones a stream costs more than its bytes. */
const wholeBytes = 256 * 1024;

/** What a browser may do with bytes that somebody sent in: show them, and nothing else. */
const fileHeaders = [
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  "default-src 'none'; sandbox",
  'Referrer-Policy',
  'no-referrer',
  'Accept-Ranges',
  'bytes',
];

/** `/media/:id` and `/media/:id/:variant`, with the wishes of the query; `Accept` counts only where a format is still open. */
export function wishOf({ path, search }: Target, accept: string | undefined): Wish {
  const [id = '', variant, ...rest] = path.slice('/media/'.length).split('/');
  if (id === '' || variant === '' || rest.length > 0)
    throw new VitrailError('route.not-found', 'Media are at /media/:id and /media/:id/:variant.');
  const query: Query = search === '' ? {} : parseQuery(search);
  const { w, h, fit, format, v } = query as Record<string, never>;
  const open = variant === undefined && format === undefined && search !== '';
  return {
    id: decodeURIComponent(id),
    ...(variant !== undefined && { variant: decodeURIComponent(variant) }),
    ...(w !== undefined && { w }),
    ...(h !== undefined && { h }),
    ...(fit !== undefined && { fit }),
    ...(format !== undefined && { format }),
    ...(v !== undefined && { v }),
    ...(open && accept !== undefined && { accept: accept.slice(0, 1000) }),
  };
}

/** Answers a GET or HEAD for bytes: RFC 9110 on validators (13), ranges (14) and RFC 9111 on caching. */
export async function sendMedia(req: IncomingMessage, res: ServerResponse, target: Target, options: MediaOptions): Promise<void> {
  const { headers } = req;
  const located = await options.locate(wishOf(target, headers.accept));
  const kept = cacheHeaders(located, options.guarded);
  if (noneMatchHolds(headers['if-none-match'], located.etag)) {
    res.writeHead(304, kept);
    res.end();
    return;
  }
  const partial = req.method === 'GET' && headers.range !== undefined && ifRangeHolds(headers['if-range'], located.etag);
  const range = partial ? rangeOf(headers.range, located.bytes) : 'all';
  if (range === 'unsatisfiable') {
    throw new VitrailError('media.range-unsatisfiable', `The file has ${located.bytes} bytes; ask for one range within them.`, {
      bytes: located.bytes,
    });
  }
  await sendBytes(req, res, located, { kept, range, blobs: options.blobs });
}

function cacheHeaders({ etag, immutable, varies }: Located, guarded: boolean): string[] {
  const scope = guarded ? 'private' : 'public';
  const control = immutable ? `${scope}, max-age=31536000, immutable` : `${scope}, max-age=60, must-revalidate`;
  const vary = [...(varies ? ['Accept'] : []), ...(guarded ? ['Authorization', 'X-API-Key'] : [])];
  return ['ETag', etag, 'Cache-Control', control, ...(vary.length > 0 ? ['Vary', vary.join(', ')] : [])];
}

interface Sending {
  kept: string[];
  range: ByteRange | 'all';
  blobs: MediaOptions['blobs'];
}

async function sendBytes(
  req: IncomingMessage,
  res: ServerResponse,
  located: Located,
  { kept, range, blobs }: Sending,
): Promise<void> {
  const { key, type, bytes, filename } = located;
  const part = range === 'all' ? undefined : range;
  const length = part ? part.end - part.start + 1 : bytes;
  const head = [
    'Content-Type',
    type,
    'Content-Length',
    String(length),
    'Content-Disposition',
    inlineAs(filename),
    ...(part ? ['Content-Range', `bytes ${part.start}-${part.end}/${bytes}`] : []),
    ...kept,
    ...fileHeaders,
  ];
  const status = part ? 206 : 200;
  if (req.method === 'HEAD') {
    res.writeHead(status, head);
    res.end();
    return;
  }
  const stream = await blobs.read(key, part).catch((error: unknown) => {
    throw error instanceof BlobError && error.code === 'blob.missing'
      ? new VitrailError('blob.not-found', 'The bytes of this file are not there any more.')
      : error;
  });
  if (length <= wholeBytes) {
    const whole = await readWhole(stream, length);
    res.writeHead(status, head);
    res.end(whole);
    return;
  }
  res.writeHead(status, head);
  // Ends the reading when the client goes, and the connection when the reading fails: a short answer must not look whole.
  await pipeline(stream, res).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

function readWhole(stream: Readable, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let read = 0;
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      read += chunk.length;
    });
    stream.once('error', reject);
    stream.once('end', () => {
      const [first] = chunks;
      if (read !== bytes) reject(new Error(`the blob has ${read} bytes where ${bytes} were to be sent`));
      else resolve(first && chunks.length === 1 ? first : Buffer.concat(chunks));
    });
  });
}
