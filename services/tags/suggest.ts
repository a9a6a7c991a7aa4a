import type { TagNames } from '../../mixins/tag-names.ts';
import type { Suggestion, TagRow } from '../contracts/tags.ts';
import { First } from './first.ts';
import { eachInSlices } from '../../mixins/each-in-slices.ts';
import { type Fit, fitting } from './typed.ts';
import { isShown, type Use } from './use.ts';

export interface SuggestWish {
  q?: string | undefined;
  limit: number;
  /** Where it is for an asset: keys of the tags it has, and the use of tags among assets that share one of them. */
  asset?: { has: ReadonlySet<string>; together: Use } | undefined;
}

interface Found {
  tag: TagRow;
  fit: Fit;
  together: number;
  count: number;
}

/**
 * Tags for what is being typed. For an asset, those that stand together with its tags come first, the most frequent first; then
 * names that begin so before those with a word that does; then the most used. With nothing typed it is what stands together
 * alone, or all tags for an asset that has none.
 */
export async function suggestTags(names: TagNames, use: Use, { q = '', limit, asset }: SuggestWish): Promise<Suggestion[]> {
  const lonely = asset === undefined || asset.has.size === 0;
  const nothingTyped = q.trim() === '';
  const fits = fitting(names, q);
  const first = new First<Found>(
    (a, b) =>
      b.together - a.together ||
      a.fit.rank - b.fit.rank ||
      b.count - a.count ||
      (names.folded(a.tag) < names.folded(b.tag) ? -1 : 1),
    limit,
  );
  await eachInSlices(names.tags(), (tag) => {
    if (!isShown(names, use, tag) || asset?.has.has(tag.id)) return;
    const together = asset?.together.get(tag.id) ?? 0;
    if (nothingTyped && !lonely && together === 0) return;
    const fit = fits(tag);
    if (fit) first.add({ tag, fit, together, count: use.get(tag.id) ?? 0 });
  });
  return first.items.map(({ tag: { name }, fit: { synonym }, together, count }) => ({
    name,
    count,
    ...(synonym !== undefined && { synonym }),
    ...(asset && { together }),
  }));
}
