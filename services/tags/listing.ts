import { z } from 'zod';
import type { TagNames } from '../../mixins/tag-names.ts';
import { cursorInvalid } from '../contracts/cursor.ts';
import type { Tag, TagRow } from '../contracts/tags.ts';
import { First } from './first.ts';
import { eachInSlices } from '../../mixins/each-in-slices.ts';
import { fitting } from './typed.ts';
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
  throw cursorInvalid();
}

const writeCursor = (sort: ListWish['sort'], { count, folded, key }: Place): string =>
  Buffer.from(JSON.stringify([sort, count, folded, key])).toString('base64url');

/** A page of the catalogue. @throws search.cursor-invalid */
export async function listTags(
  names: TagNames,
  use: Use,
  { q = '', sort, cursor, limit }: ListWish,
): Promise<{ items: Tag[]; total: number; next: string | null }> {
  const after = cursor === undefined ? undefined : readCursor(cursor, sort);
  const fits = fitting(names, q);
  const placed = new First<Place & { tag: TagRow }>(byPlace, limit);
  let total = 0;
  await eachInSlices(names.tags(), (tag) => {
    if (!isShown(names, use, tag) || fits(tag) === undefined) return;
    total += 1;
    const place = { tag, count: sort === 'count' ? (use.get(tag.id) ?? 0) : 0, folded: names.folded(tag), key: tag.id };
    if (!after || byPlace(after, place) < 0) placed.add(place);
  });
  const last = placed.items.at(-1);
  return {
    items: placed.items.map(({ tag }) => toTag(names, use, tag)),
    total,
    next: last && placed.seen > limit ? writeCursor(sort, last) : null,
  };
}
