import { TagNames } from '../../mixins/tag-names.ts';
import type { Said } from './asset-records.ts';
import { assetTags, sayTag, sayTags, type TagFacts } from './asset-tags.ts';

const names = new TagNames([
  { id: 'hund', name: 'Hund' },
  { id: 'dog', name: 'dog', into: 'hund' },
  { id: 'sea', name: 'Sea' },
]);
const facts = (some: Partial<TagFacts>): TagFacts => ({ createdAt: 1, prints: {}, ...some });
const said = (...words: [string, number, removed?: true][]): Said[] =>
  words.map(([name, at, removed]) => ({ name, at, ...(removed && { removed }) }));
const shown = (some: Partial<TagFacts>, of = names) => assetTags(facts(some), of).map(({ name, source }) => `${name} ${source}`);

describe('the tags of an asset', () => {
  it('are the person’s as given, then the enrichers’ by confidence, those without one last', () => {
    const labels = { b: [{ name: 'x', confidence: 0.2 }, { name: 'y' }], a: [{ name: 'z', confidence: 0.7 }] };
    expect(shown({ said: said(['w', 5], ['v', 4]), labels })).toEqual(['w person', 'v person', 'z a', 'x b', 'y b']);
  });

  it('say who is surest and since when', () => {
    const tags = assetTags(
      facts({
        said: said(['sea', 2000]),
        labels: { a: [{ name: 'sea', confidence: 0.9 }, { name: 'x' }], b: [{ name: 'X', confidence: 0.5 }] },
        prints: { b: { fingerprint: 'f', at: 3000 } },
      }),
      names,
    );
    expect(tags).toEqual([
      { name: 'Sea', source: 'person', confidence: 1, at: '1970-01-01T00:00:02.000Z' },
      { name: 'X', source: 'b', confidence: 0.5, at: '1970-01-01T00:00:03.000Z' },
    ]);
  });

  it('are spelled as the catalogue does, names of one tag once, by the latest word on any of them', () => {
    const labels = { a: [{ name: 'dog' }] };
    expect(shown({ said: said(['dog', 1], ['hund', 2, true]), labels })).toEqual([]);
    expect(shown({ said: said(['dog', 3], ['hund', 2, true]), labels })).toEqual(['Hund person']);
    expect(shown({ said: said(['dog', 1], ['hund', 2, true]), labels }, new TagNames())).toEqual(['dog person']);
  });

  it('of records written before are the person’s, since the upload', () => {
    expect(assetTags(facts({ tags: ['old', 'sea'] }), names)).toEqual([
      { name: 'old', source: 'person', confidence: 1, at: '1970-01-01T00:00:00.001Z' },
      { name: 'Sea', source: 'person', confidence: 1, at: '1970-01-01T00:00:00.001Z' },
    ]);
    expect(sayTag(facts({ tags: ['old'] }), names, { name: 'new', at: 9 })).toEqual(said(['old', 1], ['new', 9]));
  });
});

describe('a person’s word', () => {
  it('is kept once for each tag, and not at all where it says nothing new', () => {
    const before = facts({ said: said(['a', 1], ['dog', 2]) });
    expect(sayTag(before, names, { name: 'HUND', at: 9 })).toBeUndefined();
    const removed = sayTag(before, names, { name: 'Hund', at: 9, removed: true });
    expect(removed).toEqual(said(['a', 1], ['Hund', 9, true]));
    expect(sayTag(facts({ said: removed ?? [] }), names, { name: 'dog', at: 10, removed: true })).toBeUndefined();
    expect(sayTag(facts({ said: removed ?? [] }), names, { name: 'dog', at: 10 })).toEqual(said(['a', 1], ['dog', 10]));
  });

  it('has limits: a hundred tags, and the thousand latest words', () => {
    const many = (count: number, removed?: true): Said[] =>
      said(...Array.from({ length: count }, (_, i): [string, number, true?] => (removed ? [`t${i}`, i, removed] : [`t${i}`, i])));
    const full = facts({ said: many(100) });
    expect(() => sayTag(full, names, { name: 'one more', at: 200 })).toThrow('up to 100 tags');
    expect(sayTag(full, names, { name: 't5', at: 200, removed: true })).toHaveLength(100);
    const words = sayTag(facts({ said: many(1000, true) }), names, { name: 'x', at: 5000, removed: true });
    expect([words?.length, words?.[0]?.name, words?.at(-1)?.name]).toEqual([1000, 't1', 'x']);
  });
});

describe('a list', () => {
  const before = facts({
    said: said(['a', 1], ['b', 2], ['gone', 3, true]),
    labels: { e: [{ name: 'dog' }, { name: 'sky' }, { name: 'gone' }] },
  });

  it('is what the asset has then, and an enricher’s tag stays the enricher’s', () => {
    const words = sayTags(before, names, ['b', 'new', 'hund', 'NEW'], 9);
    expect(words).toEqual(said(['b', 2], ['new', 9], ['a', 9, true], ['gone', 3, true], ['sky', 9, true]));
    expect(shown({ ...before, said: words })).toEqual(['b person', 'new person', 'Hund e']);
  });

  it('brings back what was taken away, and empties', () => {
    expect(shown({ ...before, said: sayTags(before, names, ['gone'], 9) })).toEqual(['gone person']);
    expect(shown({ ...before, said: sayTags(before, names, [], 9) })).toEqual([]);
  });
});
