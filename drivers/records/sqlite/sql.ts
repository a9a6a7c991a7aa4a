export type Bound = string | number;

/** A piece of SQL and the values of its question marks, in order. */
export interface Sql {
  readonly text: string;
  readonly params: readonly Bound[];
}

export const sql = (text: string, ...params: Bound[]): Sql => ({ text, params });

/** All of them (of none: true) or any of them (of none: false). */
export function combined(word: 'AND' | 'OR', parts: readonly Sql[]): Sql {
  const [first, ...others] = parts;
  if (!first) return sql(word === 'AND' ? 'TRUE' : 'FALSE');
  if (others.length === 0) return first;
  return { text: parts.map(({ text }) => `(${text})`).join(` ${word} `), params: parts.flatMap(({ params }) => params) };
}

/** What is false or unknown: a missing field is not equal to anything. */
export const not = ({ text, params }: Sql): Sql => ({ text: `(${text}) IS NOT TRUE`, params });
