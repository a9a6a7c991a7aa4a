import type { TagRow } from '../services/contracts/tags.ts';

/** Names with the same key are one tag: large and small letters do not matter (Unicode NFC; ß as ss). */
export const tagKey = (name: string): string => name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');

/** As tagKey, and without accents: what is typed is found however it is written (Unicode NFKD, marks off). */
export const foldTag = (name: string): string =>
  /^[ -~]*$/.test(name) ? name.toLowerCase() : tagKey(name).normalize('NFKD').replaceAll(/\p{M}/gu, '');

/** What an enricher calls a tag, made fit to be one: commas and a leading - mean something to searches. Nothing where nothing is left. */
export function cleanTag(name: string): string | undefined {
  const clean = name
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[,\s\p{Cc}]+/gu, ' ')
    .replace(/^[-\s]+/, '')
    .slice(0, 100)
    .toWellFormed()
    .trim();
  return clean === '' ? undefined : clean;
}

/** Relations that rows say one by one, the other way round. Keys of maps are those of tags, not of other names. */
interface Shape {
  others: Map<string, TagRow[]>;
  children: Map<string, TagRow[]>;
}

const push = <K, V>(lists: Map<K, V[]>, key: K, value: V): void => {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
};

/**
 * What names of tags mean: which are one tag, how it is spelled, what it stands below. A picture of the catalogue in memory; names
 * it does not know mean themselves. Should rows contradict each other (two nodes wrote at once), every walk still ends.
 */
export class TagNames {
  #rows: Map<string, TagRow>;
  #shape: Shape | undefined;
  #folded = new WeakMap<TagRow, string>();

  constructor(rows: Iterable<TagRow> = []) {
    this.#rows = new Map(Array.from(rows, (row) => [row.id, row]));
  }

  copy(): TagNames {
    return new TagNames(this.#rows.values());
  }

  put(row: TagRow): void {
    const before = this.#rows.get(row.id);
    this.#rows.set(row.id, row);
    const plain = (one: TagRow | undefined): boolean => one?.into === undefined && one?.parent === undefined;
    // Names that come into use stand in no relation: an import learns many.
    if (before !== undefined || !plain(row)) this.#shape = undefined;
  }

  drop(id: string): void {
    if (this.#rows.delete(id)) this.#shape = undefined;
  }

  row(name: string): TagRow | undefined {
    return this.#rows.get(tagKey(name));
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The tag that a name means. */
  tag(name: string): TagRow | undefined {
    return this.#meant(this.row(name));
  }

  #meant(row: TagRow | undefined): TagRow | undefined {
    const passed = new Set<TagRow>();
    for (let at = row; ;) {
      const next = at?.into === undefined ? undefined : this.#rows.get(at.into);
      if (at === undefined || next === undefined || passed.has(next)) return at;
      passed.add(at);
      at = next;
    }
  }

  /** The same for all names of one tag. */
  keyOf(name: string): string {
    return this.tag(name)?.id ?? tagKey(name);
  }

  /** How the tag that a name means is spelled. */
  canonical(name: string): string {
    return this.tag(name)?.name ?? name;
  }

  /** All tags, without their other names. */
  *tags(): Generator<TagRow> {
    for (const row of this.#rows.values()) if (row.into === undefined) yield row;
  }

  #relations(): Shape {
    if (this.#shape) return this.#shape;
    const shape: Shape = { others: new Map(), children: new Map() };
    for (const row of this.#rows.values()) {
      const tag = row.into === undefined ? row : this.#meant(row);
      if (tag === undefined) continue;
      if (tag !== row) push(shape.others, tag.id, row);
      else if (row.parent !== undefined) push(shape.children, this.#meant(this.#rows.get(row.parent))?.id ?? row.parent, row);
    }
    return (this.#shape = shape);
  }

  /** A row's name as foldTag gives it, which is asked of the whole catalogue at every list. */
  folded(row: TagRow): string {
    const known = this.#folded.get(row);
    if (known !== undefined) return known;
    const folded = foldTag(row.name);
    this.#folded.set(row, folded);
    return folded;
  }

  /** The rows of a tag's other names. */
  others(tag: TagRow): readonly TagRow[] {
    return this.#relations().others.get(tag.id) ?? [];
  }

  children(tag: TagRow): readonly TagRow[] {
    return this.#relations().children.get(tag.id) ?? [];
  }

  /** Other names of a tag, for people. */
  synonyms(tag: TagRow): string[] {
    return this.others(tag).map(({ name }) => name);
  }

  parent(tag: TagRow): TagRow | undefined {
    return tag.parent === undefined ? undefined : this.#meant(this.#rows.get(tag.parent));
  }

  /** What a tag stands below, the nearest first. In a circle it meets itself. */
  above(tag: TagRow): TagRow[] {
    const passed = new Set<TagRow>();
    for (let at = this.parent(tag); at !== undefined && !passed.has(at); at = this.parent(at)) passed.add(at);
    return [...passed];
  }

  /** A tag and all that stands below it, level by level. */
  levels(tag: TagRow): TagRow[][] {
    const passed = new Set([tag]);
    const levels: TagRow[][] = [];
    for (let level = [tag]; level.length > 0;) {
      levels.push(level);
      level = level.flatMap((one) => this.children(one)).filter((one) => !passed.has(one) && passed.add(one));
    }
    return levels;
  }

  /** Every way in which somebody may have spelled a tag, or been shown it. */
  spellings(name: string): string[] {
    const tag = this.tag(name);
    return tag ? this.#spelled(tag) : [name];
  }

  #spelled(tag: TagRow): string[] {
    return [tag, ...this.others(tag)].flatMap(({ name, was = [] }) => [name, ...was]);
  }

  /** The same of a tag and of all that stands below it: an asset with one of these has the tag, for a search. */
  meanings(name: string): string[] {
    const tag = this.tag(name);
    return tag ? this.levels(tag).flatMap((level) => level.flatMap((one) => this.#spelled(one))) : [name];
  }

  /** The words that an asset with a tag is found by: its names, and those of all above it. */
  words(name: string): string[] {
    const tag = this.tag(name);
    return tag ? [tag, ...this.above(tag)].flatMap((one) => [one.name, ...this.synonyms(one)]) : [name];
  }
}
