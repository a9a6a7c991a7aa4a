import parseRange from 'range-parser';
import type { ByteRange } from '../../drivers/blobs/port.ts';

/** Whether `If-None-Match` names what the client would get, so that it need not be sent: weak comparison (RFC 9110, 13.1.2). */
export function noneMatchHolds(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.match(/"[^"]*"/g)?.some((tag) => tag === etag) ?? false;
}

/** Whether a range may be answered with a part: `If-Range` names these very bytes, compared strongly (13.1.5). */
export const ifRangeHolds = (header: string, etag: string): boolean => header.trim() === etag;

/**
 * What a `Range` header asks for: one part of the bytes, everything, or what is not there. Other units and several ranges are
 * answered with everything, as RFC 9110, 14.2 allows.
 */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | 'all' | 'unsatisfiable' {
  if (header === undefined || !/^\s*bytes\s*=/i.test(header)) return 'all';
  const parsed = parseRange(bytes, header.trim());
  if (typeof parsed === 'number') return 'unsatisfiable';
  const [range, ...others] = parsed;
  return range && others.length === 0 ? { start: range.start, end: range.end } : 'all';
}
