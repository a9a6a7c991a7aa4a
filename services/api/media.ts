import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { BlobError, type BlobStore, type ByteRange } from '../../drivers/blobs/port.ts';
import { VitrailError } from '../contracts/errors.ts';
import type { Located, media } from '../contracts/media.ts';
import { ifRangeHolds, noneMatchHolds, rangeOf } from './conditional.ts';
import { inlineAs } from './content-disposition.ts';
import type { HotBlobs } from './hot-blobs.ts';
import { type Elsewhere, redirectSeconds } from './redirect.ts';
import { parseQuery, type Query, type Target } from './target.ts';

type Wish = z.input<(typeof media)['locate']['params']>;

export interface MediaOptions {
  locate(wish: Wish): Promise<Located>;
  blobs: Pick<BlobStore, 'read'>;
  /** Of the same store. */
  hot: HotBlobs;
  elsewhere: Elsewhere;
  /** Whether keys are needed to see media: caches that many people share must not keep it then. */
  guarded: boolean;
}

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
const parameters = ['w', 'h', 'fit', 'format', 'v'];

export function wishOf({ path, search }: Target, accept: string | undefined): Wish {
  const [id = '', variant, ...rest] = path.slice('/media/'.length).split('/');
  if (id === '' || variant === '' || rest.length > 0)
    throw new VitrailError('route.not-found', 'Media are at /media/:id and /media/:id/:variant.');
  const query: Query = search === '' ? {} : parseQuery(search);
  const unknown = Object.keys(query).find((name) => !parameters.includes(name));
  if (unknown !== undefined)
    throw new VitrailError('params.invalid', `${unknown}: is no parameter of media; take ${parameters.join(', ')}`);
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
  // Of that address only a GET is signed.
  const address = req.method === 'GET' ? await options.elsewhere(located) : undefined;
  if (address !== undefined) {
    res.writeHead(307, redirectHeaders(address, options.guarded));
    res.end();
    return;
  }
  const partial =
    req.method === 'GET' &&
    headers.range !== undefined &&
    ifRangeHolds(String(headers['if-range'] ?? located.etag), located.etag);
  const range = partial ? rangeOf(headers.range, located.bytes) : 'all';
  if (range === 'unsatisfiable') {
    throw new VitrailError('media.range-unsatisfiable', `The file has ${located.bytes} bytes; ask for one range within them.`, {
      bytes: located.bytes,
    });
  }
  await sendBytes(req, res, located, { kept, range, blobs: options.blobs, hot: options.hot });
}

/** Not for shared caches where keys are needed: who has the address needs none. */
function redirectHeaders(address: string, guarded: boolean): string[] {
  const control = `${guarded ? 'private' : 'public'}, max-age=${redirectSeconds}`;
  return [
    ...['Location', address, 'Cache-Control', control, 'Content-Length', '0', 'Referrer-Policy', 'no-referrer'],
    ...(guarded ? ['Vary', 'Authorization, X-API-Key'] : []),
  ];
}

function cacheHeaders({ etag, immutable, varies }: Located, guarded: boolean): string[] {
  const scope = guarded ? 'private' : 'public';
  const control = immutable ? `${scope}, max-age=31536000, immutable` : `${scope}, max-age=60, must-revalidate`;
  const vary = [...(varies ? ['Accept'] : []), ...(guarded ? ['Authorization', 'X-API-Key'] : [])];
  return ['ETag', etag, 'Cache-Control', control, ...(vary.length > 0 ? ['Vary', vary.join(', ')] : [])];
}

interface Sending extends Pick<MediaOptions, 'blobs' | 'hot'> {
  kept: string[];
  range: ByteRange | 'all';
}

async function sendBytes(
  req: IncomingMessage,
  res: ServerResponse,
  located: Located,
  { kept, range, blobs, hot }: Sending,
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
  try {
    const lent = await hot.whole(key, bytes);
    if (lent) {
      // The bytes are the client's until all of them are on their way, or it has gone.
      if (res.closed) lent.done();
      else res.once('close', lent.done);
      res.writeHead(status, head);
      res.end(part ? lent.content.subarray(part.start, part.end + 1) : lent.content);
      return;
    }
    const stream = await blobs.read(key, part);
    res.writeHead(status, head);
    await flow(stream, res);
  } catch (error) {
    if (!(error instanceof BlobError && error.code === 'blob.missing')) throw error;
    throw new VitrailError('blob.not-found', 'The bytes of this file are not there any more.');
  }
}

/** `stream.pipeline` at a third of its price: the reading ends when the client goes, and fails here when it fails. */
function flow(stream: Readable, res: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    res.once('close', () => {
      stream.destroy();
      resolve();
    });
    stream.pipe(res);
  });
}
