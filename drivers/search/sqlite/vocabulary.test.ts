import { openDatabase } from './schema.ts';
import { Vocabulary } from './vocabulary.ts';
import { Words } from './words.ts';

async function knowing(...titles: string[]): Promise<{ vocabulary: Vocabulary; words: Words }> {
  const words = new Words(openDatabase(':memory:'));
  titles.forEach((title, i) => words.file(i + 1, { title: title.split(' '), tags: [], body: [] }));
  const vocabulary = new Vocabulary(words);
  await vocabulary.ready();
  return { vocabulary, words };
}

describe('guesses at mistyped words', () => {
  it('takes the nearest, the most frequent first', async () => {
    const { vocabulary } = await knowing('barn', 'bark', 'bark', 'bars bark');
    expect(vocabulary.near('barx')).toEqual(['bark', 'barn', 'bars']);
  });

  it('prefers one mistake to two', async () => {
    const { vocabulary } = await knowing('lighthouse', 'lightmouse', 'lightmouse');
    expect(vocabulary.near('lighthousse')).toEqual(['lighthouse']);
  });

  it('counts two swapped letters as one mistake', async () => {
    expect((await knowing('bird')).vocabulary.near('brid')).toEqual(['bird']);
  });

  it('never guesses at numbers, at short words or at very long ones', async () => {
    const { vocabulary } = await knowing('img2041', 'sea', 'x'.repeat(40));
    expect(vocabulary.near('img2042')).toEqual([]);
    expect(vocabulary.near('sex')).toEqual([]);
    expect(vocabulary.near('x'.repeat(39))).toEqual([]);
  });

  it('knows words that come later, and not those that are gone', async () => {
    const { vocabulary, words } = await knowing('barn', 'bark');
    words.remove(2);
    words.file(3, { title: ['bard'], tags: [], body: [] });
    vocabulary.add(['bard']);
    expect(vocabulary.near('barx')).toEqual(['bard', 'barn']);
  });

  it('reads more words than one chunk', async () => {
    const { vocabulary } = await knowing(
      Array.from(
        { length: 5000 },
        (_, i) => `q${String.fromCharCode(97 + (i % 26), 97 + ((i / 26) % 26), 97 + ((i / 676) % 26))}z`,
      ).join(' '),
      'zebra',
    );
    expect(vocabulary.near('zebta')).toEqual(['zebra']);
  });
});
