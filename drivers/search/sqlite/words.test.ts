import { read, write } from '../words/meaning.ts';
import { match, understand } from './matched.ts';
import { relevance, weights } from './relevance.ts';
import { openDatabase } from './schema.ts';
import { queryWords, tokensOf } from '../words/text.ts';
import { Vocabulary } from './vocabulary.ts';
import { Words } from './words.ts';

interface Doc {
  title?: string;
  tags?: string;
  body?: string;
}

async function holding(docs: Doc[]) {
  const words = new Words(openDatabase(':memory:'));
  const tokens = docs.map(({ title = '', tags = '', body = '' }) => ({
    title: tokensOf(title),
    tags: tokensOf(tags),
    body: tokensOf(body),
  }));
  tokens.forEach((of, row) => words.file(row, of));
  const vocabulary = new Vocabulary(words);
  await vocabulary.ready();
  const understood = (q: string) => {
    const meant = understand(queryWords(q), words, vocabulary);
    if (!meant) throw new Error('not ready');
    return meant;
  };
  const scores = (q: string): number[] => {
    const { matched } = understood(q);
    const lengthOf = (row: number): number => Object.values(tokens[row] ?? {}).flat().length;
    return [
      ...relevance(Uint32Array.from(docs.keys()), matched, weights(matched, docs.length), { words, lengthOf, end: docs.length }),
    ];
  };
  return { words, understood, scores };
}

describe('the meaning of a query', () => {
  it('asks for the vocabulary only where a word is nowhere', () => {
    const words = new Words(openDatabase(':memory:'));
    words.file(1, { title: ['barn'], tags: [], body: [] });
    expect(understand(queryWords('bar'), words, new Vocabulary(words))?.changed).toBe(false);
    expect(understand(queryWords('barx'), words, new Vocabulary(words))).toBeNull();
  });

  it('takes a word written together apart when it is nowhere', async () => {
    const { understood } = await holding([{ body: 'IMG_2041' }, { body: 'IMG_2042' }]);
    const { matched, changed } = understood('img2041');
    expect(matched.map(({ rows }) => [...rows])).toEqual([[0, 1], [0]]);
    expect(changed).toBe(true);
  });

  it('guesses at four words of a query at most', async () => {
    const { understood } = await holding([{ title: 'barn' }]);
    const { matched } = understood('barm bark bars bard barb');
    expect(matched.filter(({ guessed }) => guessed)).toHaveLength(4);
  });

  it('comes back from a cursor as it was', async () => {
    const { understood, words } = await holding([{ title: 'barn 富士山' }, { title: 'bars' }]);
    const { matched } = understood('barm 士山 ba');
    const again = read(write(matched)).map((meaning) => match(words, meaning));
    expect(again).toEqual(matched);
  });
});

describe('relevance', () => {
  it('counts title before tags before the rest, and whole words before beginnings', async () => {
    const { scores } = await holding([
      { body: 'sun' },
      { tags: 'sun' },
      { title: 'sun' },
      { title: 'sunny' },
      { title: 'sun', tags: 'sun' },
    ]);
    const [body = 0, tags = 0, title = 0, beginning = 0, both = 0] = scores('sun');
    expect([both, title, tags, beginning, body]).toEqual([both, title, tags, beginning, body].toSorted((a, b) => b - a));
    expect(new Set([both, title, tags, beginning, body]).size).toBe(5);
  });

  it('counts rare words for more, and hits among few words', async () => {
    const { scores } = await holding([
      { title: 'sun', body: 'owl' },
      { title: 'owl', body: 'sun' },
      { body: 'sun' },
      { body: `sun ${'word '.repeat(50)}` },
    ]);
    const [common = 0, rare = 0] = scores('sun owl');
    expect(rare).toBeGreaterThan(common);
    const [, , short = 0, long = 0] = scores('sun');
    expect(short).toBeGreaterThan(long);
  });

  it('does not move when other documents come, given the weights of the first page', async () => {
    const docs = [{ title: 'sun' }, { body: 'sun owl' }];
    const [few, more] = await Promise.all([holding(docs), holding([...docs, { title: 'owl' }, { title: 'sun' }])]);
    const rows = Uint32Array.from([0, 1]);
    const score = ({ words, understood }: typeof few) =>
      relevance(rows, understood('sun owl').matched, [1, 2], { words, lengthOf: () => 1, end: 2 });
    expect(score(more)).toEqual(score(few));
  });

  it('does not count a word that stands nearly everywhere among very many', () => {
    const rows = new Uint32Array(6000);
    const meaning = { any: [], guessed: false, rows };
    expect(weights([meaning], 10_000)).toEqual([0]);
    expect(weights([meaning], 1_000_000)[0]).toBeGreaterThan(0);
    expect(weights([{ ...meaning, rows: new Uint32Array(3) }], 3)[0]).toBeGreaterThan(0);
  });
});
