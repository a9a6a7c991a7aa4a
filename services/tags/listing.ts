import { z } from 'zod';
import type { TagNames } from '../../mixins/tag-names.ts';
import { VitrailError } from '../contracts/errors.ts';
import type { Tag, TagRow } from '../contracts/tags.ts';
import { firstOf } from './first.ts';
import { fitOf } from './typed.ts';
import { isShown, toTag, type Use } from './use.ts';

export interface ListWish {
  q?: string | undefined;
  sort: 'count' | 'name';
  cursor?: string | undefined;
  limit: number;
}

/** Where a tag stands in the order: by count, the most used first; then by name without case and accents; then by key. */
interface Place {
  count: number;
  folded: string;
  key: string;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byPlace = (a: Place, b: Place): number => b.count - a.count || compare(a.folded, b.folded) || compare(a.key, b.key);

/** The place of a page's last tag, with its order: tags that come and go meanwhile move no page. */
const Cursor = z.tuple([z.enum(['count', 'name']), z.int(), z.string(), z.string()]);

function readCursor(cursor: string, sort: ListWish['sort']): Place {
  try {
    const [order, count, folded, key] = Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (order === sort) return { count, folded, key };
  } catch {
    // Answered below, like a cursor of the other order.
  }
  throw new VitrailError('search.cursor-invalid', 'Start again without a cursor, or keep the other parameters as they were.');
}

const writeCursor = (sort: ListWish['sort'], { count, folded, key }: Place): string =>
  Buffer.from(JSON.stringify([sort, count, folded, key])).toString('base64url');

/** A page of the catalogue. @throws search.cursor-invalid */
export function listTags(
  names: TagNames,
  use: Use,
  { q = '', sort, cursor, limit }: ListWish,
): { items: Tag[]; total: number; next: string | null } {
  const after = cursor === undefined ? undefined : readCursor(cursor, sort);
  const placed: (Place & { tag: TagRow })[] = [];
  let total = 0;
  for (const tag of names.tags()) {
    if (!isShown(names, use, tag) || fitOf(names, tag, q) === undefined) continue;
    total += 1;
    const place = { tag, count: sort === 'count' ? (use.get(tag.id) ?? 0) : 0, folded: names.folded(tag), key: tag.id };
    if (!after || byPlace(after, place) < 0) placed.push(place);
  }
  const page = firstOf(placed, byPlace, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ tag }) => toTag(names, use, tag)),
    total,
    next: last && placed.length > limit ? writeCursor(sort, last) : null,
  };
}
