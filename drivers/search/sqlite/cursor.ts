import { createHash } from 'node:crypto';
import { SearchError, type SearchQuery } from '../port.ts';
import type { Place } from './order.ts';

const version = 1;

/** Where the next page goes on, and what the words meant on the first: documents that come and go meanwhile change neither. */
export interface Cursor extends Place {
  /** Meanings, as meaning.ts writes them; null: as typed. */
  meanings: string[] | null;
  weights: number[];
}

/** Binds a cursor to its query and to its own content. Facets and limit may differ from page to page. */
function seal({ q, filters, colors, sort }: SearchQuery, content: unknown): string {
  const bound = [version, q ?? '', filters ?? [], colors ?? null, sort ?? null, content];
  return createHash('sha256').update(JSON.stringify(bound)).digest('base64url').slice(0, 16);
}

export function writeCursor(query: SearchQuery, { keys, id, meanings, weights }: Cursor): string {
  const content = [keys, id, meanings, weights];
  return Buffer.from(JSON.stringify([version, seal(query, content), ...content])).toString('base64url');
}

/** @throws SearchError search.cursor-invalid */
export function readCursor(query: SearchQuery & { cursor: string }): Cursor {
  const refused = (cause?: unknown): SearchError =>
    new SearchError('search.cursor-invalid', 'the cursor is not one of an earlier page of this query: start at the first page', {
      cause,
    });
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(query.cursor, 'base64url').toString());
  } catch (error) {
    throw refused(error);
  }
  if (!Array.isArray(parsed)) throw refused();
  const [read, sealed, ...content] = parsed as [unknown, unknown, Cursor['keys'], string, string[] | null, number[]];
  if (read !== version || sealed !== seal(query, content)) throw refused();
  const [keys, id, meanings, weights] = content;
  const cursor = { keys, id, meanings, weights };
  if (writeCursor(query, cursor) !== query.cursor) throw refused();
  return cursor;
}
