import { cleanTag, foldTag, tagKey } from './tag-key.ts';

describe('keys of names', () => {
  it.each([
    ['Straße', 'STRASSE'],
    ['Cafe\u0301', 'CAF\u00c9'],
    ['ΟΔΟΣ', 'οδος'],
    ['Golden Hour', 'golden hour'],
  ])('are the same of %s and %s', (a, b) => expect(tagKey(a)).toBe(tagKey(b)));

  it('tell accents apart, which what is typed does not', () => {
    expect(tagKey('écluse')).not.toBe(tagKey('ecluse'));
    expect(foldTag('ÉCLUSE')).toBe(foldTag('ecluse'));
  });
});

describe('the name that an enricher gives', () => {
  it.each([
    ['  Golden   hour\n', 'Golden hour'],
    ['dog, small', 'dog small'],
    ['--x-', 'x-'],
    ['a\u0000b', 'a b'],
    ['x'.repeat(200), 'x'.repeat(100)],
    [`${'x'.repeat(99)}🏖`, `${'x'.repeat(99)}\ufffd`],
  ])('%j becomes %j', (given, clean) => expect(cleanTag(given)).toBe(clean));

  it.each(['', ' , ', '-', '\u0007'])('%j is none', (given) => expect(cleanTag(given)).toBeUndefined());
});
