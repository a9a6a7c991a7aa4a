import { read } from '../words/meaning.ts';
import { meaningQuery, scoring } from './words.ts';

const [sun, ideographs, guessed] = read(['sun', '日 本', '~barn|bark']);

describe('what words are asked as', () => {
  it('takes a word as a beginning, ideographs as a row, and guesses as whole words of which one will do', () => {
    expect(meaningQuery(sun!)).toEqual({ prefix: { words: { value: 'sun' } } });
    expect(meaningQuery(ideographs!, 'title')).toEqual({ match_phrase: { title: { query: '日 本' } } });
    expect(meaningQuery(guessed!)).toEqual({
      bool: { should: [{ term: { words: { value: 'barn' } } }, { term: { words: { value: 'bark' } } }], minimum_should_match: 1 },
    });
    expect(meaningQuery({ any: [], guessed: true })).toEqual({ match_none: {} });
    expect(meaningQuery(read(['m'])[0]!)).toEqual({ term: { words: { value: 'm' } } });
  });

  it('adds up to the relevance that the embedded index multiplies', () => {
    const { base, should } = scoring([sun!], [2]);
    const boosts = (should as { constant_score: { boost: number } }[]).map(({ constant_score: { boost } }) => boost);
    const [title = 0, tags = 0, whole = 0, wholeTitle = 0, wholeTags = 0] = boosts;
    // weight × where × 1 for a whole word, 0.5 for a beginning
    expect(base).toBe(2 * 1 * 0.5);
    expect(base + title).toBe(2 * 3 * 0.5);
    expect(base + tags).toBe(2 * 2 * 0.5);
    expect(base + title + tags + whole + wholeTitle + wholeTags).toBe(2 * 4 * 1);
    expect(base + whole).toBe(2 * 1 * 1);
  });

  it('counts a guess half, and leaves out what tells nothing', () => {
    expect(scoring([guessed!], [2]).base).toBe(0.5);
    expect(scoring([sun!], [0])).toEqual({ base: 0, should: [] });
  });
});
