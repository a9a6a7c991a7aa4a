import { isDeepStrictEqual } from 'node:util';
import type { TagRow } from '../services/contracts/tags.ts';
import { foldTag, tagKey } from './tag-key.ts';
import { Layer } from './tag-layer.ts';

/** Keys of rows by the key of the one that they name: a relation the other way round. */
type Relation = Layer<Set<string>>;

interface Layers {
  rows: Layer<TagRow>;
  /** By `into`. */
  leading: Relation;
  /** By `parent`. */
  below: Relation;
}

/**
 * What names of tags mean: which are one tag, how it is spelled, what it stands below. A picture of the catalogue in memory; names
 * it does not know mean themselves. Should rows contradict each other (two nodes wrote at once), every walk still ends.
 */
export class TagNames {
  #rows: Layer<TagRow>;
  #leading: Relation;
  #below: Relation;
  #folded = new WeakMap<TagRow, string>();
  #meanings = 0;

  constructor(rows: Iterable<TagRow> = [], { rows: known, leading, below }: Partial<Layers> = {}) {
    this.#rows = new Layer(known);
    this.#leading = new Layer(leading);
    this.#below = new Layer(below);
    for (const row of rows) this.put(row);
  }

  /** A draft: what is put there is known there alone. It costs what is put, whatever the size of the catalogue. */
  copy(): TagNames {
    return new TagNames([], { rows: this.#rows, leading: this.#leading, below: this.#below });
  }

  put(row: TagRow): void {
    const before = this.#rows.get(row.id);
    if (isDeepStrictEqual(before, row)) return;
    this.#rows.set(row.id, row);
    if (before?.into !== row.into) this.#meanings += 1;
    this.#relate(this.#leading, row.id, before?.into, row.into);
    this.#relate(this.#below, row.id, before?.parent, row.parent);
  }

  drop(id: string): void {
    const before = this.#rows.get(id);
    if (!before) return;
    this.#rows.delete(id);
    this.#meanings += 1;
    this.#relate(this.#leading, id, before.into, undefined);
    this.#relate(this.#below, id, before.parent, undefined);
  }

  #relate(relation: Relation, id: string, before: string | undefined, now: string | undefined): void {
    if (before === now) return;
    const own = (key: string): Set<string> => {
      const there = relation.get(key);
      if (there && relation.owns(key)) return there;
      const copy = new Set(there);
      relation.set(key, copy);
      return copy;
    };
    if (before !== undefined) {
      const left = own(before);
      left.delete(id);
      if (left.size === 0) relation.delete(before);
    }
    if (now !== undefined) own(now).add(id);
  }

  /** Rises whenever some name comes to mean another tag than before. */
  get meaning(): number {
    return this.#meanings;
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

  /** The keys of all names. */
  *ids(): Generator<string> {
    for (const { id } of this.#rows.values()) yield id;
  }

  /** All tags, without their other names. */
  *tags(): Generator<TagRow> {
    for (const row of this.#rows.values()) if (row.into === undefined) yield row;
  }

  /** A row's name as foldTag gives it, which is asked of the whole catalogue at every list. */
  folded(row: TagRow): string {
    const known = this.#folded.get(row);
    if (known !== undefined) return known;
    const folded = foldTag(row.name);
    this.#folded.set(row, folded);
    return folded;
  }

  #related(relation: Relation, key: string): TagRow[] {
    return Array.from(relation.get(key) ?? [], (id) => this.#rows.get(id)).filter((row) => row !== undefined);
  }

  /** The rows of a tag's other names. */
  others(tag: TagRow): readonly TagRow[] {
    if (!this.#leading.get(tag.id)) return [];
    const found = new Set<TagRow>();
    const pending = this.#related(this.#leading, tag.id);
    for (const row of pending) {
      if (row.id === tag.id || found.has(row)) continue;
      found.add(row);
      pending.push(...this.#related(this.#leading, row.id));
    }
    return [...found];
  }

  /** What stands below a tag, by whichever of its names. */
  children(tag: TagRow): readonly TagRow[] {
    const below = [tag, ...this.others(tag)].flatMap(({ id }) => this.#related(this.#below, id));
    return below.filter((row) => row.into === undefined || this.#meant(row) === row);
  }

  /** A name that nobody entered and that stands in no relation: it is known from use alone, and free to become another's. */
  isBare(row: TagRow): boolean {
    return row.made !== true && row.parent === undefined && !this.#leading.get(row.id) && !this.#below.get(row.id);
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
