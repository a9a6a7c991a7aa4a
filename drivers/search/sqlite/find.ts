import type { SearchQuery, SearchResult } from '../port.ts';
import { checkQuery } from '../query/check.ts';
import { ColourColumn } from '../columns/colours.ts';
import { type Cursor, readCursor, writeCursor } from '../query/cursor.ts';
import type { Declared } from '../query/declared.ts';
import { facetsOf } from './facets.ts';
import { literal, read, type Understood, write } from '../words/meaning.ts';
import { match, type Matched, understand } from './matched.ts';
import { narrow, type Narrowed } from './narrow.ts';
import { byField, Order, type Rank } from '../columns/order.ts';
import { relevance, weights } from './relevance.ts';
import { intersection } from './sets.ts';
import type { Table } from '../columns/table.ts';
import { queryWords, type QueryWord } from '../words/text.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Words } from './words.ts';

/** What a search reads. */
export interface Index {
  declared: Declared;
  table: Table;
  words: Words;
  vocabulary: Vocabulary;
}

/**
 * Answers a query, or null when the vocabulary has to be read first.
 * @throws SearchError
 */
export function find(query: SearchQuery, index: Index): SearchResult | null {
  const { declared, table } = index;
  checkQuery(query, declared);
  const { limit, cursor, filters = [], facets = [] } = query;
  const after = cursor === undefined ? null : readCursor({ ...query, cursor });
  const typed = queryWords(query.q ?? '');
  const text = typed.length > 0 ? meant(typed, after, index) : undefined;
  if (text === null) return null;

  const ranks: Rank[] = [];
  const rows = text ? text.matched.map((meaning) => meaning.rows).reduce(intersection) : table.rows();
  let narrowed = narrow(rows, filters, table.columns, new Set(facets));
  if (query.colors) {
    const { near, scores } = nearest(narrowed, query.colors, table);
    narrowed = near;
    ranks.push(byScore(scores));
  }
  const weight = text ? (after?.weights ?? weights(text.matched, table.count)) : [];
  if (query.sort) {
    ranks.push(byField(query.sort, table));
  } else {
    const lengthOf = (row: number): number => table.words(row);
    const scores = text && relevance(narrowed.passed, text.matched, weight, { words: index.words, lengthOf, end: table.end });
    if (scores) ranks.push(byScore(scores));
    if (declared.fields.get('createdAt')?.sort) ranks.push(byField({ field: 'createdAt', descending: true }, table));
  }

  const order = new Order(ranks, table.ids);
  const page = order.first(narrowed.passed, limit + 1, after);
  const last = page[limit - 1];
  const meanings = text?.changed ? write(text.matched) : null;
  return {
    ids: page.slice(0, limit).map((row) => table.ids.get(row)),
    total: narrowed.passed.length,
    facets: facetsOf(facets, narrowed, table.columns),
    ...(query.tally !== undefined && { tally: table.columns.get(query.tally)?.count(narrowed.passed) ?? [] }),
    next:
      page.length > limit && last !== undefined ? writeCursor(query, { ...order.place(last), meanings, weights: weight }) : null,
  };
}

/** What the words of a query mean: on a further page what they meant on the first. */
function meant(typed: readonly QueryWord[], after: Cursor | null, { words, vocabulary }: Index): Understood<Matched> | null {
  if (!after) return understand(typed, words, vocabulary);
  const meanings = after.meanings ? read(after.meanings) : literal(typed);
  return { matched: meanings.map((meaning) => match(words, meaning)), changed: after.meanings !== null };
}

/** What of it is near the wished colours, and how near. */
function nearest({ passed, without }: Narrowed, { field, near }: NonNullable<SearchQuery['colors']>, table: Table) {
  const column = table.columns.get(field);
  const scores = new Float64Array(table.end);
  const nearOf = (rows: Uint32Array): Uint32Array => (column instanceof ColourColumn ? column.near(rows, near, scores) : rows);
  const others = [...without].map(([name, rows]) => [name, nearOf(Uint32Array.from(rows))] as const);
  return { near: { passed: nearOf(passed), without: new Map(others) }, scores };
}

const byScore = (scores: Float64Array): Rank => ({ key: (row) => scores[row] ?? 0, descending: true, scores });
