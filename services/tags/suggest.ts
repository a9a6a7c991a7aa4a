import type { TagNames } from '../../mixins/tag-names.ts';
import type { Suggestion } from '../contracts/tags.ts';
import { firstOf } from './first.ts';
import { fitOf } from './typed.ts';
import { isShown, type Use } from './use.ts';

export interface SuggestWish {
  q?: string | undefined;
  limit: number;
  /** Where it is for an asset: keys of the tags it has, and the use of tags among assets that share one of them. */
  asset?: { has: ReadonlySet<string>; together: Use } | undefined;
}

/**
 * Tags for what is being typed. For an asset, those that stand together with its tags come first, the most frequent first; then
 * names that begin so before those with a word that does; then the most used. With nothing typed it is what stands together
 * alone, or all tags for an asset that has none.
 */
export function suggestTags(names: TagNames, use: Use, { q = '', limit, asset }: SuggestWish): Suggestion[] {
  const lonely = asset === undefined || asset.has.size === 0;
  const found = [...names.tags()].flatMap((tag) => {
    if (!isShown(names, use, tag) || asset?.has.has(tag.id)) return [];
    const fit = fitOf(names, tag, q);
    const together = asset?.together.get(tag.id) ?? 0;
    if (!fit || (q.trim() === '' && !lonely && together === 0)) return [];
    const count = use.get(tag.id) ?? 0;
    return [{ tag, fit, together, count }];
  });
  const first = firstOf(
    found,
    (a, b) =>
      b.together - a.together ||
      a.fit.rank - b.fit.rank ||
      b.count - a.count ||
      (names.folded(a.tag) < names.folded(b.tag) ? -1 : 1),
    limit,
  );
  return first.map(({ tag: { name }, fit: { synonym }, together, count }) => ({
    name,
    count,
    ...(synonym !== undefined && { synonym }),
    ...(asset && { together }),
  }));
}
