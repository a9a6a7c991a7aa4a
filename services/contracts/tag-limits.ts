/** How many of what has to do with tags there may be. */
export const tagLimits = {
  /** Letters of a name (UTF-16 units). */
  name: 100,
  synonyms: 50,
  depth: 20,
  /** Names that the catalogue knows. */
  catalogue: 50_000,
  /** Tags that a person can give one asset. */
  byPerson: 100,
  /** Names that are learned, read, or told of at once. */
  atOnce: 1000,
  /** Spellings that the index is asked for at once. */
  spellings: 20_000,
} as const;
