import { fold, partsOf, queryWords, tokensOf } from './text.ts';

describe('words of a text', () => {
  it.each([
    ['Été à Zürich', 'ete a zurich'],
    ['Łódź, Ålesund, Straße', 'lodz alesund strasse'],
    ['ｆｕｌｌ ﬁne', 'full fine'],
    ['Ёлка ΣΟΦΟΣ', 'елка σοφοσ'],
    ['서울의 밤', '서울의 밤'],
    ['don’t "quote" a-b_c', 'don t quote a b c'],
    ['', ''],
  ])('cuts and folds %j', (text, words) => {
    expect(tokensOf(text).join(' ')).toBe(words);
  });

  it('gives the parts of words written together as well', () => {
    expect(tokensOf('IMG_2041-final.jpg')).toEqual(['img', '2041', 'final', 'jpg']);
    expect(tokensOf('DSC00012 SunsetBeach')).toEqual(['dsc00012', 'dsc', '00012', 'sunsetbeach', 'sunset', 'beach']);
    expect(partsOf('HDRPhoto2')).toEqual(['hdr', 'photo', '2']);
    expect(partsOf('plain')).toEqual([]);
    expect(partsOf('a1b2c3d4e5')).toEqual([]);
  });

  it('gives ideographs one by one, and keeps the voicing of kana', () => {
    expect(tokensOf('富士山photoガ')).toEqual(['富', '士', '山', 'photo', 'ガ']);
  });

  it('cuts long words and long texts', () => {
    expect(tokensOf('x'.repeat(500))[0]).toHaveLength(64);
    expect(tokensOf('word '.repeat(500), 10)).toHaveLength(10);
  });

  it('folds words of ASCII and others alike', () => {
    expect(fold('Word')).toBe(fold('Wörd'));
  });
});

describe('words of a query', () => {
  it('has each word once, and none of the punctuation', () => {
    expect(queryWords('"Red" OR red*').map(({ tokens }) => tokens)).toEqual([['red'], ['or']]);
    expect(queryWords('*** ()')).toEqual([]);
  });

  it('takes a run of ideographs as one, and the parts of words written together apart', () => {
    expect(queryWords('富士山 img2041')).toEqual([
      { tokens: ['富', '士', '山'], parts: [] },
      { tokens: ['img2041'], parts: ['img', '2041'] },
    ]);
  });

  it('takes so many words and no more', () => {
    expect(queryWords(Array.from({ length: 100 }, (_, i) => `w${i}`).join(' '))).toHaveLength(32);
  });
});
