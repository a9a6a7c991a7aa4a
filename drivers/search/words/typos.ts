import { distance } from 'fastest-levenshtein';

/** Candidates whose frequency is looked up, and those that are taken. */
const considered = 50;
const taken = 5;
/** Longer words are names of files or mistakes of another kind. */
const longest = 24;

/** How many mistakes a word of that many letters may have. */
const allowed = (length: number): number => (length < 4 || length > longest ? 0 : length < 8 ? 1 : 2);

/** Numbers are not mistyped words: 2041 is not meant by 2042. */
export const isWordy = (token: string): boolean => !/\p{N}/u.test(token) && token.length > 2 && token.length <= longest + 2;

/** How many mistakes are forgiven in a word: none in short ones, in very long ones and in those with figures. */
export const mistakesIn = (word: string): number => (isWordy(word) ? allowed(word.length) : 0);

/** Words with two neighbouring letters swapped: one mistake of a hand (Damerau 1964), two by Levenshtein's measure. */
export function swapped(word: string): string[] {
  return Array.from(
    { length: word.length - 1 },
    (_, i) => word.slice(0, i) + word.charAt(i + 1) + word.charAt(i) + word.slice(i + 2),
  );
}

/** Those of the words that are nearest to a mistyped one and within its mistakes, some dozens at most. */
export function nearestWords(word: string, words: Iterable<string>): string[] {
  const twisted = new Set(swapped(word));
  let best = mistakesIn(word);
  if (best === 0) return [];
  let found: string[] = [];
  for (const token of words) {
    if (!isWordy(token)) continue;
    const mistakes = twisted.has(token) ? 1 : distance(word, token);
    if (mistakes > best) continue;
    if (mistakes < best) found = [];
    best = mistakes;
    found.push(token);
  }
  return [...new Set(found)].slice(0, considered);
}

/** The few that a mistyped word stands for: the most frequent first, none that is in no document any more. */
export const mostFrequent = (tokens: readonly string[], frequency: (token: string) => number): string[] =>
  tokens
    .map((token) => ({ token, frequency: frequency(token) }))
    .filter(({ frequency: times }) => times > 0)
    .sort((a, b) => b.frequency - a.frequency || (a.token < b.token ? -1 : 1))
    .slice(0, taken)
    .map(({ token }) => token);
