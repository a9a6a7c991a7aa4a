import { jest } from '@jest/globals';
import { Layer } from '../../mixins/tag-layer.ts';
import { TagNames } from '../../mixins/tag-names.ts';
import type { TagRow } from '../contracts/tags.ts';
import { checkTag, createTag, type Draft, draftOf, moveTag, nameTag, removeTag, renameTag } from './draft.ts';

const catalogue = new TagNames([
  { id: 'animal', name: 'animal', made: true },
  { id: 'pet', name: 'pet', made: true, parent: 'animal' },
  { id: 'dog', name: 'dog', made: true, parent: 'pet' },
  { id: 'hound', name: 'hound', into: 'dog' },
  { id: 'puppy', name: 'puppy', made: true, parent: 'dog' },
  { id: 'sea', name: 'sea', made: true },
  { id: 'used', name: 'used' },
]);
const inUse = ({ id }: TagRow) => id === 'used';
let draft: Draft;
beforeEach(() => (draft = draftOf(catalogue)));

const failure = (code: string) => expect.objectContaining({ type: code }) as Error;
const rename = (from: string, to: string, merge = false) => renameTag(draft, draft.tag(from), to, { merge, inUse });
/** `dog (hound) < pet`: what a name means now. */
function meaning(name: string): string {
  const tag = draft.tag(name);
  const synonyms = draft.names.synonyms(tag).sort();
  const parent = draft.names.parent(tag);
  return `${tag.name}${synonyms.length > 0 ? ` (${synonyms.join(' ')})` : ''}${parent ? ` < ${parent.name}` : ''}`;
}

describe('entering a tag', () => {
  it('takes a name that is new or merely in use, in the spelling given', () => {
    createTag(draft, 'New');
    expect(createTag(draft, 'Used')).toEqual({ id: 'used', name: 'Used', made: true, was: ['used'] });
    expect(draft.names.spellings('used')).toEqual(['Used', 'used']);
  });

  it('refuses names of other tags', () => {
    for (const name of ['DOG', 'hound']) expect(() => createTag(draft, name)).toThrow(failure('tag.exists'));
  });
});

describe('renaming', () => {
  it('keeps the old name as a synonym, with parent and children', () => {
    rename('dog', 'Hund');
    expect([meaning('dog'), meaning('puppy')]).toEqual(['Hund (dog hound) < pet', 'puppy < Hund']);
    expect(catalogue.canonical('dog')).toBe('dog');
  });

  it('makes the new name a tag before the old one leads to it', () => {
    rename('dog', 'Hund');
    expect([...draft.changed].slice(0, 2)).toEqual(['hund', 'dog']);
  });

  it('goes there and back, and to a synonym', () => {
    rename('dog', 'Hund');
    rename('Hund', 'dog');
    expect([meaning('Hund'), meaning('puppy')]).toEqual(['dog (Hund hound) < pet', 'puppy < dog']);
    rename('dog', 'hound');
    expect(meaning('dog')).toBe('hound (Hund dog) < pet');
    // A synonym that goes takes nothing along.
    nameTag(draft, draft.tag('hound'), ['Hund'], { merge: false });
    expect([meaning('hound'), meaning('dog'), meaning('puppy')]).toEqual(['hound (Hund) < pet', 'dog', 'puppy < hound']);
  });

  it('changes the spelling alone', () => {
    rename('dog', 'DOG');
    expect([meaning('dog'), draft.names.spellings('dog')]).toEqual(['DOG (hound) < pet', ['DOG', 'dog', 'hound']]);
  });

  it('to the name of another tag is refused, unless the two are to be one', () => {
    for (const name of ['sea', 'hound', 'used']) {
      draft = draftOf(catalogue);
      expect(() => rename('animal', name)).toThrow(failure('tag.exists'));
      expect(draft.changed.size).toBe(0);
    }
    rename('sea', 'dog', true);
    expect(meaning('sea')).toBe('dog (hound sea) < pet');
  });
});

describe('merging', () => {
  it('gives the other one synonyms and children, and the parent where it has none', () => {
    rename('dog', 'sea', true);
    expect([meaning('hound'), meaning('puppy')]).toEqual(['sea (dog hound) < pet', 'puppy < sea']);
  });

  it('of a parent into its child leaves the child in its place', () => {
    rename('pet', 'dog', true);
    expect([meaning('dog'), meaning('puppy')]).toEqual(['dog (hound pet) < animal', 'puppy < dog']);
    checkTag(draft, draft.tag('dog'));
  });

  it('of a child into its parent, and into what stands further above, closes no circle', () => {
    rename('dog', 'animal', true);
    expect([meaning('dog'), meaning('pet')]).toEqual(['animal (dog hound)', 'pet < animal']);
    checkTag(draft, draft.tag('animal'));
  });

  it('into what stands further below is a circle', () => {
    const merged = rename('animal', 'dog', true);
    expect(() => checkTag(draft, merged)).toThrow(failure('tag.circle'));
  });
});

describe('parents', () => {
  it('are found by any name, entered where they are new, and taken off', () => {
    moveTag(draft, draft.tag('sea'), 'HOUND');
    expect(meaning('sea')).toBe('sea < dog');
    moveTag(draft, draft.tag('sea'), 'Water');
    expect([meaning('sea'), draft.tag('water').made]).toEqual(['sea < Water', true]);
    moveTag(draft, draft.tag('sea'), null);
    expect(meaning('sea')).toBe('sea');
  });

  it.each([
    ['animal', 'puppy'],
    ['animal', 'hound'],
    ['dog', 'hound'],
    ['pet', 'PET'],
  ])('of %s cannot be %s: a circle', (name, parent) => {
    const moved = moveTag(draft, draft.tag(name), parent);
    expect(() => checkTag(draft, moved)).toThrow(failure('tag.circle'));
  });

  it('stand twenty levels deep at most, counted from both sides', () => {
    for (let i = 1; i <= 17; i += 1) {
      const tag = moveTag(draft, createTag(draft, `level ${i}`), i === 1 ? 'puppy' : `level ${i - 1}`);
      if (i <= 16) checkTag(draft, tag);
      else expect(() => checkTag(draft, tag)).toThrow(failure('tag.limit'));
    }
    const top = moveTag(draft, draft.tag('animal'), 'top');
    expect(() => checkTag(draft, top)).toThrow('would make it 22');
  });
});

describe('synonyms', () => {
  it('are all that the list says: new names, names in use, no others', () => {
    nameTag(draft, draft.tag('dog'), ['Wauwau', 'used', 'DOG', 'wauwau'], { merge: false });
    expect([meaning('dog'), meaning('hound')]).toEqual(['dog (Wauwau used) < pet', 'hound']);
  });

  it('cannot be a tag of its own or a synonym of another one, unless both are to be one', () => {
    expect(() => nameTag(draft, draft.tag('sea'), ['hound'], { merge: false })).toThrow(failure('tag.exists'));
    expect(() => nameTag(draft, draft.tag('sea'), ['puppy'], { merge: false })).toThrow(failure('tag.exists'));
    nameTag(draft, draft.tag('sea'), ['puppy'], { merge: true });
    expect(meaning('puppy')).toBe('sea (puppy) < dog');
  });

  it('are fifty at most, those of a merged tag included', () => {
    const many = (word: string) => Array.from({ length: 30 }, (_, i) => `${word} ${i}`);
    nameTag(draft, draft.tag('sea'), many('a'), { merge: false });
    nameTag(draft, draft.tag('dog'), many('b'), { merge: false });
    const merged = rename('sea', 'dog', true);
    expect(() => checkTag(draft, merged)).toThrow('would make it 61');
  });
});

it('a change costs what it changes: no walk through the catalogue, however many names become one', () => {
  const walks = [jest.spyOn(Layer.prototype, 'values'), jest.spyOn(Layer.prototype, 'entries')];
  draft = draftOf(catalogue);
  nameTag(draft, draft.tag('sea'), ['puppy', 'dog', 'used', 'new'], { merge: true });
  checkTag(draft, draft.tag('sea'));
  expect(meaning('sea')).toBe('sea (dog hound new puppy used) < pet');
  for (const walk of walks) {
    expect(walk).not.toHaveBeenCalled();
    walk.mockRestore();
  }
});

describe('removing', () => {
  it('takes a tag with its relations away, and what stood below it stays', () => {
    removeTag(draft, 'dog', inUse);
    expect(draft.names.row('dog')).toBeUndefined();
    expect([meaning('hound'), meaning('puppy')]).toEqual(['hound', 'puppy']);
  });

  it('keeps the name of what is in use', () => {
    removeTag(draft, 'dog', () => true);
    expect(draft.names.row('dog')).toEqual({ id: 'dog', name: 'dog' });
  });

  it('of a synonym takes off that one', () => {
    removeTag(draft, 'hound', inUse);
    expect([meaning('dog'), meaning('hound')]).toEqual(['dog < pet', 'hound']);
  });

  it('of nothing is refused', () => expect(() => removeTag(draft, 'nobody', inUse)).toThrow(failure('tag.not-found')));
});
