import { foldTag } from '../../mixins/tag-key.ts';
import type { TagNames } from '../../mixins/tag-names.ts';
import type { TagRow } from '../contracts/tags.ts';

/** How what was typed fits a tag. */
export interface Fit {
  /** 0: it begins a name; 1: it begins a word within one. */
  rank: 0 | 1;
  /** The synonym that fits, where the tag's own name does not. */
  synonym?: string;
}

function rankOf(folded: string, typed: string): Fit['rank'] | undefined {
  if (folded.startsWith(typed)) return 0;
  for (let at = folded.indexOf(typed); at > 0; at = folded.indexOf(typed, at + 1))
    if (/[^\p{L}\p{N}]/u.test(folded.charAt(at - 1))) return 1;
  return undefined;
}

/** Asks of a tag whether what was typed begins a tag's name, another name of it or a word in one; case and accents do not matter. */
export function fitting(names: TagNames, q: string): (tag: TagRow) => Fit | undefined {
  const typed = foldTag(q.trim());
  if (typed === '') return () => ({ rank: 0 });
  return (tag) => {
    const own = rankOf(names.folded(tag), typed);
    if (own !== undefined) return { rank: own };
    let best: Fit | undefined;
    for (const other of names.others(tag)) {
      const rank = rankOf(names.folded(other), typed);
      if (rank !== undefined && (best === undefined || rank < best.rank)) best = { rank, synonym: other.name };
    }
    return best;
  };
}
