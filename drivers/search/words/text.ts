/** How text is cut into words: the same for documents and for queries, so that what is written one way is found the other way. */

/** Longer words are cut; nobody types more, and the vocabulary stays small. */
const longestWord = 64;
/** A file name such as `a3f9c2e1b7` is no row of parts. */
const mostParts = 6;

/** Letters that Unicode does not take apart into a base and a mark. */
const folded: Record<string, string> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ς: 'σ',
};
const raw = /[\p{L}\p{N}\p{M}]+/gu;
const ideographs = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々〆]+/u;
const scripts =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々〆]+|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々〆]+/gu;
const parts = /\p{N}+|\p{Lu}+(?![\p{Ll}\p{M}])|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+|\p{L}/gu;

/** Small letters without accents, full-width forms and ligatures as plain ones (Unicode NFKD, marks U+0300–036F off, NFC). */
export function fold(text: string): string {
  if (/^[\w ]*$/.test(text)) return text.toLowerCase();
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
  return plain.replace(/[ßøłđðþæœıς]/g, (letter) => folded[letter] ?? letter);
}

const cut = (word: string): string => (word.length <= longestWord ? word : [...word].slice(0, longestWord).join(''));

/** The parts of a word written together: `IMG2041` gives img and 2041, `SunsetBeach` sunset and beach; of any other word none. */
export function partsOf(word: string): string[] {
  const found = word.match(parts) ?? [];
  return found.length > 1 && found.length <= mostParts ? found.map((part) => cut(fold(part))) : [];
}

/** Words as written, one script each, at most `most` of them. */
function* written(text: string): Generator<string> {
  for (const [run] of text.normalize('NFC').matchAll(raw)) yield* run.match(scripts) ?? [];
}

/** What a document's text is found by, in its order: words, the parts of words written together, and single ideographs. */
export function tokensOf(text: string, most = 10_000): string[] {
  const tokens: string[] = [];
  for (const word of written(text)) {
    if (tokens.length >= most) break;
    if (ideographs.test(word)) tokens.push(...[...word].map(fold));
    else tokens.push(cut(fold(word)), ...partsOf(word));
  }
  return tokens;
}

/** A word of a query: the tokens that must stand one after the other (several only for a run of ideographs), and its parts. */
export interface QueryWord {
  tokens: string[];
  parts: string[];
}

/** The distinct words of a query, at most `most`; the rest counts for nothing. Punctuation, quotes and operators are no words. */
export function queryWords(q: string, most = 32): QueryWord[] {
  const words = new Map<string, QueryWord>();
  for (const word of written(q)) {
    if (words.size >= most) break;
    const tokens = ideographs.test(word) ? [...word].map(fold).slice(0, longestWord) : [cut(fold(word))];
    words.set(tokens.join(' '), { tokens, parts: partsOf(word) });
  }
  return [...words.values()];
}
