import { doc, found, foundSet, type SearchCase, searchCase, same } from './case.ts';

const hostile = [
  '"" OR *',
  'NEAR(',
  "' OR 1=1 --",
  '"',
  '""',
  '*',
  '-',
  '^',
  'a:b',
  'title:red',
  'AND',
  'OR',
  'NOT',
  'red AND',
  'NEAR(red barn, 2)',
  '{title} : red',
  '(',
  ')',
  '\\',
  '\u0000',
  '%',
  '_',
  'red*barn',
  '日本*',
  '🌅',
  '\ud800',
  'é'.normalize('NFD'),
  '+red',
  '-red',
  '~',
  '<script>',
];

export const words: SearchCase[] = [
  searchCase('finds documents that hold all words, in whichever fields', async (index) => {
    await index.put([
      doc('a', { title: 'Red barn', about: 'in the snow' }),
      doc('b', { title: 'Red mill' }),
      doc('c', { about: 'a barn that was red' }),
    ]);
    same(await foundSet(index, { q: 'red' }), ['a', 'b', 'c']);
    same(await foundSet(index, { q: 'barn red' }), ['a', 'c']);
    same(await foundSet(index, { q: 'snow barn' }), ['a']);
    same(await foundSet(index, { q: 'snow mill' }), []);
  }),

  searchCase('finds words by their beginning from two letters on, and one letter only as a word', async (index) => {
    await index.put([doc('a', { title: 'Mountain lake' }), doc('b', { title: 'M is a letter' })]);
    same(await found(index, { q: 'mo' }), ['a']);
    same(await found(index, { q: 'mounta la' }), ['a']);
    same(await found(index, { q: 'm' }), ['b']);
    same(await found(index, { q: 'tain' }), []);
  }),

  searchCase('ignores case, accents and punctuation', async (index) => {
    await index.put([doc('a', { title: 'Café, ÉTÉ!' }), doc('b', { title: 'Zürich' })]);
    same(await found(index, { q: 'cafe ete' }), ['a']);
    same(await found(index, { q: 'CAFÉ' }), ['a']);
    same(await found(index, { q: '"zurich".' }), ['b']);
  }),

  searchCase('finds the parts of a file name', async (index) => {
    await index.put([doc('a', { about: 'IMG_2041-final.jpg' }), doc('b', { about: 'IMG_2042-draft.jpg' })]);
    for (const q of ['2041', 'final', 'IMG_2041', 'img 2041', 'IMG_2041-final.jpg']) same(await found(index, { q }), ['a'], q);
  }),

  searchCase('finds ideographs within a run of them', async (index) => {
    await index.put([doc('a', { title: '富士山の朝' }), doc('b', { title: '海の朝' })]);
    same(await found(index, { q: '山' }), ['a']);
    same(await found(index, { q: '士山' }), ['a']);
    same(await foundSet(index, { q: '朝' }), ['a', 'b']);
  }),

  searchCase('puts a hit in a field of more weight first', async (index) => {
    await index.put([
      doc('a', { title: 'Morning', labels: ['sky'], about: 'harbour' }),
      doc('b', { title: 'Evening', labels: ['harbour'], about: 'sky' }),
      doc('c', { title: 'Harbour', labels: ['sky'], about: 'night' }),
    ]);
    same(await found(index, { q: 'harbour' }), ['c', 'b', 'a']);
  }),

  searchCase('forgives one mistake in words of four to seven letters and two from eight', async (index) => {
    await index.put([doc('a', { title: 'Sunset' }), doc('b', { title: 'Lighthouse' })]);
    for (const q of ['sunzet', 'sunet', 'sunnset', 'usnset', 'xunset']) same(await found(index, { q }), ['a'], q);
    for (const q of ['lighthuose', 'lihthose', 'lightxxuse']) same(await found(index, { q }), ['b'], q);
    for (const q of ['sxnxet', 'lxxxthouse']) same(await found(index, { q }), [], q);
  }),

  searchCase('guesses only at words that it does not know, and never at short ones', async (index) => {
    await index.put([
      doc('a', { title: 'barn' }),
      doc('b', { title: 'bark' }),
      doc('c', { title: 'sea' }),
      doc('d', { title: 'barkeeper' }),
    ]);
    same(await found(index, { q: 'barn' }), ['a']);
    same(await foundSet(index, { q: 'bark' }), ['b', 'd']);
    same(await found(index, { q: 'barkee' }), ['d']);
    same(await found(index, { q: 'sxa' }), []);
  }),

  searchCase('does not know the words of documents that are gone', async (index) => {
    await index.put([doc('a', { title: 'barn' }), doc('b', { title: 'bark' })]);
    await index.remove([{ id: 'b', rev: 2 }]);
    same(await found(index, { q: 'bark' }), ['a']);
  }),

  searchCase('takes whatever is typed as words, never as an operator', async (index) => {
    await index.put([doc('a', { title: 'red barn' }), doc('b', { title: 'or near' }), doc('c', { title: 'blue' })]);
    for (const q of hostile) await index.find({ q, limit: 10 });
    same(await found(index, { q: 'red OR blue' }), []);
    same(await found(index, { q: '"" OR *' }), ['b']);
    same(await found(index, { q: 'NEAR(' }), ['b']);
    same(await found(index, { q: '-red' }), ['a']);
  }),

  searchCase('takes a query without words as none', async (index) => {
    await index.put([doc('a', { title: 'red' }), doc('b', { title: 'blue' })]);
    for (const q of ['', '   ', '"!" *']) same(await foundSet(index, { q }), ['a', 'b'], q);
  }),

  searchCase('bears a very long query', async (index) => {
    await index.put([doc('a', { title: 'red' })]);
    await index.find({ q: 'a'.repeat(20_000), limit: 10 });
    await index.find({ q: 'red '.repeat(5000), limit: 10 });
    await index.find({ q: Array.from({ length: 2000 }, (_, i) => `w${i}`).join(' '), limit: 10 });
  }),
];
