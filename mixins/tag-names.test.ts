import type { TagRow } from '../services/contracts/tags.ts';
import { TagNames } from './tag-names.ts';

const rows: TagRow[] = [
  { id: 'animal', name: 'Animal' },
  { id: 'beast', name: 'beast', into: 'animal' },
  { id: 'pet', name: 'pet', parent: 'beast' },
  { id: 'hund', name: 'Hund', parent: 'pet', was: ['HUND'] },
  { id: 'dog', name: 'dog', into: 'hund' },
  { id: 'hound', name: 'hound', into: 'dog' },
  { id: 'sea', name: 'Sea' },
];
const names = new TagNames(rows);
const tag = (name: string): TagRow => names.tag(name) ?? { id: '', name: '' };

describe('names of tags', () => {
  it('mean one tag through synonyms of synonyms, without regard to case', () => {
    for (const name of ['hund', 'DOG', 'Hound']) expect([names.canonical(name), names.keyOf(name)]).toEqual(['Hund', 'hund']);
    expect([names.canonical('Unknown'), names.keyOf('Unknown')]).toEqual(['Unknown', 'unknown']);
    expect(Array.from(names.tags(), ({ name }) => name)).toEqual(['Animal', 'pet', 'Hund', 'Sea']);
    expect(names.synonyms(tag('dog'))).toEqual(['dog', 'hound']);
  });

  it('stand below others by whichever name', () => {
    expect(names.above(tag('hound')).map(({ name }) => name)).toEqual(['pet', 'Animal']);
    expect(names.levels(tag('beast')).map((level) => level.map(({ name }) => name))).toEqual([['Animal'], ['pet'], ['Hund']]);
  });

  it('give a search every spelling of the tag and of what stands below it', () => {
    expect(names.meanings('pet')).toEqual(['pet', 'Hund', 'HUND', 'dog', 'hound']);
    expect(names.meanings('nobody')).toEqual(['nobody']);
    expect(names.spellings('beast')).toEqual(['Animal', 'beast']);
  });

  it('give a document the words of the tag and of what stands above it', () => {
    expect(names.words('dog')).toEqual(['Hund', 'dog', 'hound', 'pet', 'Animal', 'beast']);
    expect(names.words('nobody')).toEqual(['nobody']);
  });

  it('are bare when nobody entered them and nothing is related to them', () => {
    expect(['sea', 'pet', 'animal', 'hund'].map((name) => names.isBare(tag(name)))).toEqual([true, false, false, false]);
    expect(new TagNames([{ id: 'x', name: 'x', made: true }]).isBare({ id: 'x', name: 'x', made: true })).toBe(false);
  });

  it('tell when a name comes to mean another tag, and not when one comes into use', () => {
    const own = new TagNames(rows);
    const { meaning } = own;
    own.put({ id: 'sea', name: 'Sea', parent: 'animal' });
    own.put({ id: 'cat', name: 'cat' });
    own.put({ id: 'dog', name: 'dog', into: 'hund' });
    expect(own.meaning).toBe(meaning);
    own.put({ id: 'cat', name: 'cat', into: 'pet' });
    expect(own.meaning).toBeGreaterThan(meaning);
  });

  it('follow what is put and dropped, and leave a copy as it is', () => {
    const copy = names.copy();
    copy.put({ id: 'sea', name: 'Sea', into: 'animal' });
    copy.put({ id: 'cat', name: 'cat' });
    copy.put({ id: 'cat', name: 'cat', parent: 'pet' });
    copy.drop('hound');
    expect(copy.meanings('animal')).toEqual(['Animal', 'beast', 'Sea', 'pet', 'Hund', 'HUND', 'dog', 'cat']);
    expect(names.meanings('animal')).not.toContain('Sea');
  });

  it('end every walk, should rows lead in circles', () => {
    const odd = new TagNames([
      { id: 'a', name: 'a', into: 'b' },
      { id: 'b', name: 'b', into: 'a' },
      { id: 'c', name: 'c', parent: 'd' },
      { id: 'd', name: 'd', parent: 'c' },
      { id: 'e', name: 'e', parent: 'gone' },
      { id: 'f', name: 'f', into: 'gone' },
    ]);
    for (const name of 'abcdef') {
      expect(odd.meanings(name)).toContain(name);
      expect(odd.words(name).length).toBeLessThan(7);
    }
  });
});
