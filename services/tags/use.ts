import type { TagNames } from '../../mixins/tag-names.ts';
import type { Tag, TagRow } from '../contracts/tags.ts';
import { eachInSlices } from '../../mixins/each-in-slices.ts';

/** How many assets have each tag, by key. */
export type Use = ReadonlyMap<string, number>;

/** Counts of the index, which may still spell some tags as they were: names of one tag count together. */
export async function useOf(counted: readonly { name: string; count: number }[], names: TagNames): Promise<Use> {
  const use = new Map<string, number>();
  await eachInSlices(counted, ({ name, count }) => {
    const key = names.keyOf(name);
    use.set(key, (use.get(key) ?? 0) + count);
  });
  return use;
}

/** A name stands in the catalogue when somebody entered it, when something is related to it or when an asset has it. */
export const isShown = (names: TagNames, use: Use, tag: TagRow): boolean => (use.get(tag.id) ?? 0) > 0 || !names.isBare(tag);

export function toTag(names: TagNames, use: Use, tag: TagRow): Tag {
  const parent = names.parent(tag);
  return {
    name: tag.name,
    ...(parent && { parent: parent.name }),
    synonyms: names.synonyms(tag).sort(),
    count: use.get(tag.id) ?? 0,
  };
}
