import { createHash } from 'node:crypto';
import { SearchError, type SearchQuery } from '../port.ts';
import type { Place } from '../columns/order.ts';

const version = 1;

/** Where the next page goes on, and what the words meant on the first: documents that come and go meanwhile change neither. */
export interface Cursor extends Place {
  /** Meanings, as meaning.ts writes them; null: as typed. */
  meanings: string[] | null;
  weights: number[];
}

function seal(bound: readonly unknown[], content: readonly unknown[]): string {
  const whole = [version, ...bound, content];
  return createHash('sha256').update(JSON.stringify(whole)).digest('base64url').slice(0, 16);
}

/** A cursor that is bound to what its query asked, and to its own content. */
export function writeSealed(bound: readonly unknown[], content: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([version, seal(bound, content), ...content])).toString('base64url');
}

/** @throws SearchError search.cursor-invalid */
export function readSealed<C extends readonly unknown[]>(bound: readonly unknown[], cursor: string): C {
  const refused = (cause?: unknown): SearchError =>
    new SearchError('search.cursor-invalid', 'the cursor is not one of an earlier page of this query: start at the first page', {
      cause,
    });
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (error) {
    throw refused(error);
  }
  if (!Array.isArray(parsed)) throw refused();
  const [read, sealed, ...content] = parsed as unknown[];
  if (read !== version || sealed !== seal(bound, content) || writeSealed(bound, content) !== cursor) throw refused();
  return content as unknown as C;
}

/** Facets and limit may differ from page to page. */
const boundOf = ({ q, filters, colors, sort }: SearchQuery): unknown[] => [q ?? '', filters ?? [], colors ?? null, sort ?? null];

export function writeCursor(query: SearchQuery, { keys, id, meanings, weights }: Cursor): string {
  return writeSealed(boundOf(query), [keys, id, meanings, weights]);
}

/** @throws SearchError search.cursor-invalid */
export function readCursor(query: SearchQuery & { cursor: string }): Cursor {
  const [keys, id, meanings, weights] = readSealed<[Cursor['keys'], string, string[] | null, number[]]>(
    boundOf(query),
    query.cursor,
  );
  return { keys, id, meanings, weights };
}
