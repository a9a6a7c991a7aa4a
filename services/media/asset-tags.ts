import type { TagNames } from '../../mixins/tag-names.ts';
import type { AssetTag } from '../contracts/asset.ts';
import { VitrailError } from '../contracts/errors.ts';
import { tagLimits } from '../contracts/tag-limits.ts';
import type { AssetRecord, Label, Said } from './asset-records.ts';

/** What is known of the tags of an asset: who said what. What it means follows from the catalogue, at every look. */
export type TagFacts = Pick<AssetRecord, 'createdAt' | 'tags' | 'said' | 'labels' | 'prints'>;

/** A person's words about tags that are kept of one asset, withdrawn ones included. */
const mostSaid = 1000;

/** A person's words, in the order in which tags are shown. Records written before there were others held a list of names. */
const wordsOf = ({ said, tags = [], createdAt }: TagFacts): readonly Said[] =>
  said ?? tags.map((name) => ({ name, at: createdAt }));

/** A person's latest word on each tag: names that have become one tag share their word. */
function latest(words: readonly Said[], names: TagNames): Map<string, Said> {
  const byTag = new Map<string, Said>();
  for (const word of words) {
    const key = names.keyOf(word.name);
    const other = byTag.get(key);
    if (other && other.at > word.at) continue;
    if (other) byTag.delete(key);
    byTag.set(key, word);
  }
  return byTag;
}

interface Given extends Label {
  enricher: string;
}

/** What enrichers give, the surest of each tag, the surest first; those who do not say how sure they are come last. */
function given({ labels = {} }: TagFacts, names: TagNames): Map<string, Given> {
  const all = Object.keys(labels)
    .sort()
    .flatMap((enricher) => (labels[enricher] ?? []).map((label): Given => ({ ...label, enricher })));
  all.sort((a, b) => (b.confidence ?? -1) - (a.confidence ?? -1));
  const byTag = new Map<string, Given>();
  for (const label of all) {
    const key = names.keyOf(label.name);
    if (!byTag.has(key)) byTag.set(key, label);
  }
  return byTag;
}

const iso = (at: number): string => new Date(at).toISOString();

/** The tags that an asset has: a person's, then those of enrichers that no person took away. */
export function assetTags(facts: TagFacts, names: TagNames): AssetTag[] {
  const said = latest(wordsOf(facts), names);
  const persons = [...said.values()]
    .filter(({ removed }) => removed !== true)
    .map(({ name, at }) => ({ name: names.canonical(name), source: 'person', confidence: 1, at: iso(at) }));
  const enrichers = [...given(facts, names)]
    .filter(([key]) => !said.has(key))
    .map(([, { name, enricher, confidence }]) => ({
      name: names.canonical(name),
      source: enricher,
      ...(confidence !== undefined && { confidence }),
      at: iso(facts.prints[enricher]?.at ?? facts.createdAt),
    }));
  return [...persons, ...enrichers];
}

/** The person's words as they are kept: no more tags than allowed, and of what was taken away the latest. */
function kept(words: readonly Said[]): Said[] {
  const held = words.filter(({ removed }) => removed !== true);
  if (held.length > tagLimits.byPerson)
    throw new VitrailError('tag.limit', `A person can give an asset up to ${tagLimits.byPerson} tags; take some off first.`);
  const removed = words.filter((word) => word.removed === true).slice(held.length - mostSaid);
  return [...held, ...removed];
}

/**
 * A person's words after one more: the tag is there, or it is not. Nothing where that has been said already.
 * @throws tag.limit
 */
export function sayTag(facts: TagFacts, names: TagNames, word: Said): Said[] | undefined {
  const said = latest(wordsOf(facts), names);
  const key = names.keyOf(word.name);
  const before = said.get(key);
  if (before && (before.removed ?? false) === (word.removed ?? false)) return undefined;
  said.delete(key);
  return kept([...said.values(), word]);
}

/**
 * A person's words after a whole list: new names are the person's, names that are missing are taken away, and what an enricher
 * gave stays the enricher's.
 * @throws tag.limit
 */
export function sayTags(facts: TagFacts, names: TagNames, list: readonly string[], at: number): Said[] {
  const said = latest(wordsOf(facts), names);
  const labels = given(facts, names);
  const wanted = new Map<string, string>();
  for (const name of list) if (!wanted.has(names.keyOf(name))) wanted.set(names.keyOf(name), name);
  const held = [...wanted].flatMap(([key, name]): Said[] => {
    const before = said.get(key);
    if (before && before.removed !== true) return [before];
    return before === undefined && labels.has(key) ? [] : [{ name, at }];
  });
  const removed = [...said].flatMap(([key, word]): Said[] => {
    if (wanted.has(key)) return [];
    return [word.removed === true ? word : { name: word.name, at, removed: true }];
  });
  const refused = [...labels].flatMap(([key, { name }]): Said[] =>
    wanted.has(key) || said.has(key) ? [] : [{ name, at, removed: true }],
  );
  return kept([...held, ...removed, ...refused]);
}
