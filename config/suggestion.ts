import { distance } from 'fastest-levenshtein';

/** ` Did you mean "palette"?` for a word that is nearly one of those known, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [nearest] = known
    .map((name) => ({ name, edits: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ edits }) => edits <= 2)
    .sort((a, b) => a.edits - b.edits);
  return nearest ? ` Did you mean "${nearest.name}"?` : '';
}
