import type { SearchField, SearchQuery, SearchResult } from '../port.ts';
import { checkQuery } from '../query/check.ts';
import { readCursor, writeCursor } from '../query/cursor.ts';
import { literal, type Meaning, read, write } from '../words/meaning.ts';
import { queryWords } from '../words/text.ts';
import { halving, weightOf } from '../words/weights.ts';
import { facetAggregations, facetsOf, tallyOf } from './facets.ts';
import { filterQueries } from './filters.ts';
import { keptAs, pathOf, types } from './mapping.ts';
import type { Place } from './place.ts';
import { colourScript, leastColourScore, relevanceScript } from './scripts.ts';
import type { Json } from './server.ts';
import { live, meaningQuery, meant, scoring } from './words.ts';

interface Answer {
  hits: { total: { value: number }; hits: { sort: (string | number | null)[] }[] };
  aggregations?: Parameters<typeof facetsOf>[1];
}

/** What words of a query mean, and how much each counts. */
interface Text {
  meanings: readonly Meaning[];
  weights: readonly number[];
  changed: boolean;
}

/** @throws SearchError */
export async function find(query: SearchQuery, place: Place): Promise<SearchResult> {
  const { declared, server, alias } = place;
  checkQuery(query, declared);
  const { limit, cursor, filters = [], facets = [] } = query;
  const after = cursor === undefined ? null : readCursor({ ...query, cursor });
  const text = await textOf(query, after, place);
  const counted = facets.flatMap((name) => declared.fields.get(name) ?? []);
  const narrowing = filterQueries(filters, declared);
  const widened = narrowing.filter(({ field }) => facets.includes(field));
  const fixed = [
    ...narrowing.filter(({ field }) => !facets.includes(field)).map(({ query: narrowed }) => narrowed),
    ...nearly(widened),
  ];
  const { found, sort } = foundBy(query, text, fixed, place);
  const tally = query.tally === undefined ? undefined : declared.fields.get(query.tally);
  const all = { bool: { filter: [found, ...widened.map(({ query: narrowed }) => narrowed)] } };

  const [answer, values] = await Promise.all([
    server.ask<Answer>('POST', `/${alias}/_search`, {
      body: {
        size: limit + 1,
        _source: false,
        track_total_hits: true,
        query: found,
        sort,
        ...(after && { search_after: [...after.keys, after.id] }),
        ...(widened.length > 0 && { post_filter: { bool: { filter: widened.map(({ query: narrowed }) => narrowed) } } }),
        ...(counted.length > 0 && { aggs: facetAggregations(counted, widened) }),
      },
      query: { allow_partial_search_results: false },
    }),
    tally && tallyOf(tally, all, place),
  ]);
  const places = answer.hits.hits.map((hit) => ({ keys: hit.sort.slice(0, -1), id: String(hit.sort.at(-1)) }));
  const last = places[limit - 1];
  const meanings = text?.changed ? write(text.meanings) : null;
  return {
    ids: places.slice(0, limit).map(({ id }) => id),
    total: answer.hits.total.value,
    facets: facetsOf(counted, answer.aggregations),
    ...(values && { tally: values }),
    next: last && places.length > limit ? writeCursor(query, { ...last, meanings, weights: [...(text?.weights ?? [])] }) : null,
  };
}

/** What the filters of two fields keep out is neither found nor counted: it need not be looked at. */
function nearly(filters: readonly { field: string; query: Json }[]): Json[] {
  const fields = [...Map.groupBy(filters, ({ field }) => field).values()];
  if (fields.length < 2) return [];
  const should = fields.map((of) => ({ bool: { filter: of.map(({ query }) => query) } }));
  return [{ bool: { should, minimum_should_match: should.length - 1 } }];
}

/** On a further page words mean and weigh what they did on the first. */
async function textOf({ q = '' }: SearchQuery, after: ReturnType<typeof readCursor> | null, place: Place): Promise<Text | null> {
  const typed = queryWords(q);
  if (typed.length === 0) return null;
  if (after) {
    const meanings = after.meanings ? read(after.meanings) : literal(typed);
    return { meanings, weights: after.weights, changed: after.meanings !== null };
  }
  const { matched, changed, count } = await meant(typed, place);
  return { meanings: matched, weights: matched.map(({ holding }) => weightOf(holding, count)), changed };
}

/** The query and the order that its result is to have. Relevance counts only where no other order is wished. */
function foundBy(
  { colors, sort }: SearchQuery,
  text: Text | null,
  fixed: Json[],
  { declared }: Place,
): { found: Json; sort: Json[] } {
  const order: Json[] = [];
  const palette = colors && declared.fields.get(colors.field);
  const near = colors && palette ? colourScript(pathOf(palette), colors.near) : null;
  const { base, should } = text && !sort ? scoring(text.meanings, text.weights) : { base: 0, should: [] };
  const filter = [live, ...fixed, ...(text?.meanings ?? []).map((meaning) => meaningQuery(meaning))];
  let found: Json = { bool: { filter } };
  if (near && palette) {
    const within = { bool: { filter: [...filter, { exists: { field: pathOf(palette) } }] } };
    found = { script_score: { query: within, script: near, min_score: leastColourScore } };
    // Two things to rank by, of which a score can be but one.
    order.push(should.length > 0 ? { _script: { type: 'number', script: near, order: 'desc' } } : { _score: 'desc' });
  }
  if (should.length > 0) {
    found = { script_score: { query: { bool: { filter: [found], should } }, script: relevanceScript(base, halving) } };
    order.push({ _score: 'desc' });
  }
  const newest = declared.fields.get('createdAt');
  if (sort) order.push(...sorted(declared.fields.get(sort.field), sort.descending));
  else if (newest?.sort) order.push(...sorted(newest, true));
  return { found, sort: [...order, { id: 'asc' }] };
}

const sorted = (field: SearchField | undefined, descending: boolean): Json[] =>
  field
    ? [
        {
          [pathOf(field)]: {
            order: descending ? 'desc' : 'asc',
            missing: '_last',
            unmapped_type: types[keptAs(field)]['type'],
          },
        },
      ]
    : [];
