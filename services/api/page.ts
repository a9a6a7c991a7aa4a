import type { IncomingMessage, ServerResponse } from 'node:http';
import Negotiator from 'negotiator';
import { noneMatchHolds } from './conditional.ts';
import type { PageFile } from './page-files.ts';

const cacheControl = ({ freshFor }: PageFile): string => {
  if (freshFor === 'ever') return 'public, max-age=31536000, immutable';
  return freshFor === 0 ? 'no-cache' : `public, max-age=${freshFor}`;
};

/** Sends a file of the page; other headers are on the answer already. */
export function sendPageFile(req: IncomingMessage, res: ServerResponse, file: PageFile): void {
  const { type, body, gzipped, etag, policy } = file;
  const zipped = gzipped && new Negotiator(req).encoding(['gzip', 'identity']) === 'gzip' ? gzipped : undefined;
  res.setHeader('Cache-Control', cacheControl(file));
  // Bytes that differ have tags that differ (RFC 9110, 8.8.3).
  const tag = zipped ? `${etag.slice(0, -1)}-gzip"` : etag;
  res.setHeader('ETag', tag);
  if (gzipped) res.setHeader('Vary', 'Accept-Encoding');
  if (policy !== undefined)
    res.setHeader('Content-Security-Policy', `${String(res.getHeader('Content-Security-Policy'))}; ${policy}`);
  if (noneMatchHolds(req.headers['if-none-match'], tag)) {
    res.writeHead(304).end();
    return;
  }
  const sent = zipped ?? body;
  res.writeHead(200, {
    'Content-Type': type,
    'Content-Length': sent.length,
    ...(zipped && { 'Content-Encoding': 'gzip' }),
  });
  res.end(req.method === 'HEAD' ? undefined : sent);
}
