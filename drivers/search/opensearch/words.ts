import { asTyped, type Meaning, mostGuesses, type Phrase, understand, type Understood } from '../words/meaning.ts';
import type { QueryWord } from '../words/text.ts';
import { mistakesIn, mostFrequent, nearestWords } from '../words/typos.ts';
import { beginning, bonus, guess } from '../words/weights.ts';
import type { Place } from './place.ts';
import type { Json } from './server.ts';

/** A meaning with how many documents hold it. */
export interface Counted extends Meaning {
  holding: number;
}

type Where = 'words' | 'title' | 'tags';

export const live: Json = { term: { live: true } };
const none: Json = { match_none: {} };
/** What every document holds: how many there are is counted along with words. */
const everything: Meaning = { any: [{ tokens: [], begins: false }], guessed: false };
const anyOf = (queries: Json[]): Json => {
  const [only = none] = queries;
  return queries.length < 2 ? only : { bool: { should: queries, minimum_should_match: 1 } };
};

/** A row of single ideographs has to stand together; of its last one there is no beginning. */
function phraseQuery({ tokens, begins }: Phrase, where: Where): Json {
  const [only] = tokens;
  if (only === undefined) return live;
  if (tokens.length > 1) return { match_phrase: { [where]: { query: tokens.join(' ') } } };
  return begins ? { prefix: { [where]: { value: only } } } : { term: { [where]: { value: only } } };
}

export const meaningQuery = ({ any }: Meaning, where: Where = 'words'): Json =>
  anyOf(any.map((phrase) => phraseQuery(phrase, where)));

/**
 * What makes up the relevance of words/weights.ts, as clauses whose boosts are added: `base`, which all that match have, and what
 * comes on top of it for whole words and for better places. All of it is the document's own, so pages hold together.
 */
export function scoring(matched: readonly Meaning[], weights: readonly number[]): { base: number; should: Json[] } {
  const should: Json[] = [];
  let base = 0;
  matched.forEach((meaning, i) => {
    const worth = (weights[i] ?? 0) * (meaning.guessed ? guess : 1);
    if (worth === 0) return;
    base += worth * beginning;
    const whole = meaningQuery({ ...meaning, any: meaning.any.map((phrase) => ({ ...phrase, begins: false })) });
    const title = meaningQuery(meaning, 'title');
    const tags = meaningQuery(meaning, 'tags');
    const add = (filter: Json[], boost: number): void => {
      should.push({ constant_score: { filter: { bool: { filter } }, boost } });
    };
    add([title], worth * beginning * bonus.title);
    add([tags], worth * beginning * bonus.tags);
    add([whole], worth * (1 - beginning));
    add([whole, title], worth * (1 - beginning) * bonus.title);
    add([whole, tags], worth * (1 - beginning) * bonus.tags);
  });
  return { base, should };
}

const key = (meaning: Meaning): string => JSON.stringify(meaning.any);

/** How many documents hold each of the meanings, by `key`. */
async function count({ server, alias }: Place, meanings: readonly Meaning[], counts: Map<string, number>): Promise<void> {
  const asked = meanings.filter((meaning) => meaning.any.length > 0 && !counts.has(key(meaning)));
  if (asked.length === 0) return;
  const answers = await server.msearch<{ hits: { total: { value: number } } }>(
    alias,
    asked.map((meaning) => ({ size: 0, track_total_hits: true, query: { bool: { filter: [live, meaningQuery(meaning)] } } })),
  );
  asked.forEach((meaning, i) => counts.set(key(meaning), answers[i]?.hits.total.value ?? 0));
}

/** Words of the index that are written nearly as each of these, gone ones among them. */
async function similar({ server, alias }: Place, words: readonly string[]): Promise<Map<string, string[]>> {
  const term = {
    field: 'words',
    suggest_mode: 'always',
    string_distance: 'damerau_levenshtein',
    accuracy: 0.1,
    prefix_length: 0,
    min_word_length: 3,
    max_term_freq: 1e9,
    size: 50,
    shard_size: 50,
  };
  const suggest = Object.fromEntries(words.map((text, i) => [`w${i}`, { text, term: { ...term, max_edits: mistakesIn(text) } }]));
  const answer = await server.ask<{ suggest: Record<string, { options: { text: string }[] }[]> }>('POST', `/${alias}/_search`, {
    body: { size: 0, suggest },
  });
  return new Map(
    words.map((word, i) => {
      const options = answer.suggest[`w${i}`]?.flatMap((part) => part.options.map(({ text }) => text)) ?? [];
      return [word, nearestWords(word, options)];
    }),
  );
}

/** What the words of a query mean to the index: in one question where all are known, else in four. */
export async function meant(query: readonly QueryWord[], place: Place): Promise<Understood<Counted> & { count: number }> {
  const counts = new Map<string, number>();
  const near = new Map<string, readonly string[]>();
  const holding = (meaning: Meaning): number => counts.get(key(meaning)) ?? 0;
  await count(place, [everything, ...query.map(({ tokens }) => asTyped(tokens))], counts);
  const unknown = query.filter(({ tokens }) => holding(asTyped(tokens)) === 0);
  const apart = unknown.flatMap(({ parts }) => parts.map((part) => asTyped([part])));
  await count(place, apart, counts);
  for (;;) {
    const wanted: string[] = [];
    const understood = understand(query, {
      match: (meaning): Counted => ({ ...meaning, holding: holding(meaning) }),
      isKnown: (matched) => matched.holding > 0,
      near(word) {
        if (mistakesIn(word) === 0) return [];
        if (!near.has(word) && wanted.length < mostGuesses) wanted.push(word);
        return near.get(word) ?? [];
      },
    });
    if (understood && wanted.length === 0) {
      // Guesses have not been counted together yet.
      await count(place, understood.matched, counts);
      const matched = understood.matched.map((meaning) => ({ ...meaning, holding: holding(meaning) }));
      return { ...understood, matched, count: holding(everything) };
    }
    const candidates = await similar(place, wanted);
    const single = (token: string): Meaning => ({ any: [{ tokens: [token], begins: false }], guessed: true });
    await count(place, [...candidates.values()].flat().map(single), counts);
    for (const [word, tokens] of candidates)
      near.set(
        word,
        mostFrequent(tokens, (token) => holding(single(token))),
      );
  }
}
