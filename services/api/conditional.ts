import type { ByteRange } from '../../drivers/blobs/port.ts';
import { VitrailError } from '../contracts/errors.ts';

/** Whether `If-None-Match` names what the client would get, so that it need not be sent: weak comparison (RFC 9110, 13.1.2). */
export function noneMatchHolds(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.match(/"[^"]*"/g)?.some((tag) => tag === etag) ?? false;
}

/** The ETag of what has a revision: strong, for whatever is shown of it changes with it (RFC 9110, 8.8.3). */
export const revTag = (rev: number): string => `"${rev}"`;

/** Whatever is longer names more revisions than anybody can have seen. */
const maxTags = 20;

/**
 * The revisions that `If-Match` names, compared strongly (13.1.1): what is none of our tags matches nothing. Undefined where any
 * will do.
 * @throws request.malformed
 */
export function revsMatched(header: string | undefined): number[] | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.length > maxTags || !tags.every((tag) => /^(W\/)?"[^"]*"$/.test(tag)))
    throw new VitrailError('request.malformed', `If-Match takes *, or up to ${maxTags} ETags in quotes.`);
  return tags.flatMap((tag) => (/^"\d{1,15}"$/.test(tag) ? [Number(tag.slice(1, -1))] : []));
}

/** Whether a range may be answered with a part: `If-Range` names these very bytes, compared strongly (13.1.5). */
export const ifRangeHolds = (header: string, etag: string): boolean => header.trim() === etag;

/**
 * What a `Range` header asks for: one part of the bytes, everything, or what is not there. Other units and several ranges are
 * answered with everything, as RFC 9110, 14.2 allows. (range-parser 1.3 refuses a suffix longer than the file; 14.1.2 has it be
 * the whole file.)
 */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | 'all' | 'unsatisfiable' {
  const [, wanted] = /^\s*bytes\s*=(.*)$/i.exec(header ?? '') ?? [];
  if (wanted === undefined || wanted.includes(',')) return 'all';
  const [, first = '', last = ''] = /^\s*(\d*)\s*-\s*(\d*)\s*$/.exec(wanted) ?? [];
  if (first === '' && last === '') return 'unsatisfiable';
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  return start <= end ? { start, end } : 'unsatisfiable';
}
