import { tagKey } from '../../mixins/tag-key.ts';
import type { TagNames } from '../../mixins/tag-names.ts';
import { VitrailError } from '../contracts/errors.ts';
import { tagLimits } from '../contracts/tag-limits.ts';
import type { TagRow } from '../contracts/tags.ts';

export const noTag = (name: string): VitrailError =>
  new VitrailError('tag.not-found', `There is no tag '${name}'; GET /api/tags lists those there are.`);
const taken = (name: string, tag: string, how: string): VitrailError =>
  new VitrailError('tag.exists', `'${name}' is a name of the tag '${tag}'; ${how}.`, { tag });
const mergeHint = 'send "merge": true to make one tag of the two, or take another name';

/** Changes to a catalogue, tried out on a copy of it: what is refused in the end has changed nothing. */
export interface Draft {
  names: TagNames;
  /** Keys of rows that were written, in the order in which to write them for good. */
  changed: Set<string>;
  /** The tag of a name, whether or not anything is known of it but the name. @throws tag.not-found */
  tag(name: string): TagRow;
  write(row: TagRow): TagRow;
  remove(id: string): void;
}

export function draftOf(catalogue: TagNames): Draft {
  const names = catalogue.copy();
  const changed = new Set<string>();
  return {
    names,
    changed,
    tag(name) {
      const tag = names.tag(name);
      if (!tag) throw noTag(name);
      return tag;
    },
    write(row) {
      if (names.row(row.id) === undefined && names.size >= tagLimits.catalogue)
        throw new VitrailError('tag.limit', `The catalogue holds ${tagLimits.catalogue} names and takes no more.`);
      names.put(row);
      changed.add(row.id);
      return row;
    },
    remove(id) {
      names.drop(id);
      changed.add(id);
    },
  };
}

function without<K extends 'into' | 'parent' | 'made'>(row: TagRow, ...members: K[]): TagRow {
  return Object.fromEntries(Object.entries(row).filter(([member]) => !members.includes(member as K))) as TagRow;
}

/** Makes a name, and all names of the tag it was, mean another tag. What stood below it stands below that one. */
function lead(draft: Draft, row: TagRow, into: TagRow): void {
  const others = draft.names.others(row);
  const children = draft.names.children(row);
  draft.write({ ...without(row, 'parent', 'made'), into: into.id });
  for (const other of others) draft.write({ ...other, into: into.id });
  for (const child of children) draft.write({ ...child, parent: into.id });
}

/** Spells a tag in another way (large and small letters): who was shown the old one still finds it. */
const respell = (draft: Draft, tag: TagRow, name: string): TagRow => {
  const was = [...new Set([...(tag.was ?? []), tag.name])].filter((spelling) => spelling !== name).slice(-5);
  return draft.write({ ...tag, name, made: true, ...(was.length > 0 && { was }) });
};

/** Two tags become one, under the name of the second; it keeps its own parent, or takes over the first one's. */
function merge(draft: Draft, from: TagRow, into: TagRow): TagRow {
  const { names } = draft;
  const one = (tag: TagRow | undefined): boolean => tag?.id === from.id || tag?.id === into.id;
  const own = names.parent(into);
  const heir = names.parent(from);
  const inherits = heir !== undefined && !one(heir) && !names.above(heir).some(one);
  const parent = own !== undefined && !one(own) ? own : inherits ? heir : undefined;
  const merged = draft.write({ ...without(into, 'parent'), made: true, ...(parent && { parent: parent.id }) });
  lead(draft, from, merged);
  return merged;
}

/** Enters a tag. @throws tag.exists, tag.limit */
export function createTag(draft: Draft, name: string): TagRow {
  const { names } = draft;
  const row = names.row(name);
  const tag = names.tag(name);
  if (tag && tag !== row) throw taken(name, tag.name, 'take that synonym off it first');
  if (tag && !names.isBare(tag)) throw taken(name, tag.name, 'PATCH it to change it');
  return tag ? respell(draft, tag, name) : draft.write({ id: tagKey(name), name, made: true });
}

/** Gives a tag another name; the old one stays as a synonym. @throws tag.exists, tag.limit */
export function renameTag(
  draft: Draft,
  tag: TagRow,
  name: string,
  options: { merge: boolean; inUse: (tag: TagRow) => boolean },
): TagRow {
  const { names } = draft;
  const id = tagKey(name);
  if (id === tag.id) return respell(draft, tag, name);
  const row = names.row(name);
  const other = names.tag(name);
  if (row && other && other.id !== tag.id) {
    const free = row === other && names.isBare(other) && !options.inUse(other);
    if (!free && !options.merge) throw taken(name, other.name, mergeHint);
    if (!free) return merge(draft, tag, other);
  }
  // The new name is a tag before the old one leads to it: a crash between the two leaves both.
  const { parent } = tag;
  const renamed = draft.write({
    ...(row && without(row, 'into')),
    id,
    name,
    made: true,
    ...(parent !== undefined && { parent }),
  });
  lead(draft, draft.names.row(tag.name) ?? tag, renamed);
  return renamed;
}

/** Puts a tag below another one, which is entered where it is new; null takes it off. @throws tag.circle, tag.limit */
export function moveTag(draft: Draft, tag: TagRow, parent: string | null): TagRow {
  if (parent === null) return draft.write({ ...without(tag, 'parent'), made: true });
  const above = draft.names.tag(parent) ?? { id: tagKey(parent), name: parent };
  draft.write({ ...above, made: true });
  return draft.write({ ...tag, made: true, parent: above.id });
}

/** Says which other names a tag has, all of them. @throws tag.exists, tag.limit */
export function nameTag(
  draft: Draft,
  tag: TagRow,
  synonyms: readonly string[],
  options: { merge: boolean; hint?: string },
): TagRow {
  const { names } = draft;
  const wanted = new Set(synonyms.map(tagKey));
  let named = draft.write({ ...tag, made: true });
  for (const other of names.others(named)) if (!wanted.has(other.id)) draft.write(without(other, 'into'));
  for (const name of synonyms) {
    const row = names.row(name);
    const other = names.tag(name);
    if (tagKey(name) === named.id || other?.id === named.id) continue;
    if (!row || !other) draft.write({ id: tagKey(name), name, into: named.id });
    else if (row === other && names.isBare(other)) lead(draft, row, named);
    else if (!options.merge) throw taken(name, other.name, options.hint ?? mergeHint);
    else named = merge(draft, other, named);
  }
  return named;
}

/**
 * Takes a tag out of the catalogue: what stood below it stands alone, its other names are names of their own again. Of a name
 * that is a synonym, only that. What is in use stays known by its name.
 */
export function removeTag(draft: Draft, name: string, inUse: (tag: TagRow) => boolean): void {
  const { names } = draft;
  const row = names.row(name);
  if (!row) throw noTag(name);
  if (row.into !== undefined) {
    draft.write(without(row, 'into'));
    return;
  }
  for (const child of names.children(row)) draft.write(without(child, 'parent'));
  for (const other of names.others(row)) draft.write(without(other, 'into'));
  if (inUse(row)) draft.write(without(row, 'made', 'parent'));
  else draft.remove(row.id);
}

/** Whether what came out can be: no circle, not too deep, not too many names. @throws tag.circle, tag.limit */
export function checkTag({ names }: Draft, tag: TagRow): void {
  const above = names.above(tag);
  if (above.some(({ id }) => id === tag.id)) {
    const way = [tag, ...above].map(({ name }) => `'${name}'`).join(' below ');
    throw new VitrailError('tag.circle', `This would put ${way}: take one of these parents off first.`);
  }
  const depth = above.length + names.levels(tag).length;
  if (depth > tagLimits.depth)
    throw new VitrailError('tag.limit', `Tags may stand ${tagLimits.depth} deep, and this would make it ${depth}.`);
  const synonyms = names.others(tag).length;
  if (synonyms > tagLimits.synonyms)
    throw new VitrailError('tag.limit', `A tag may have ${tagLimits.synonyms} synonyms, and this would make it ${synonyms}.`);
}
