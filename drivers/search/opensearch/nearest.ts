import { Likeness } from '../columns/column.ts';
import { columnFor } from '../columns/columns.ts';
import { mostWishes, type NearestQuery, type Neighbour, type SearchField, type Wish } from '../port.ts';
import { checkLimit, invalid } from '../query/check.ts';
import type { Declared } from '../query/declared.ts';
import { bytesOf, valueOf } from './bytes.ts';
import { graphQuery } from './knn.ts';
import { pathOf } from './mapping.ts';
import type { Place } from './place.ts';
import { likenessScript } from './scripts.ts';
import type { Json } from './server.ts';
import { live } from './words.ts';

interface Hit {
  sort: [score: number, id: string];
  fields?: Record<string, string[]>;
}

interface Asked extends Wish {
  declaration: SearchField;
  value: string;
  /** How far the value of a hit is. */
  far(hit: Hit): number;
}

/**
 * The nearest by each wish, with their distance in every one of the fields. The server looks at every document that has the field
 * (scripts.ts), or of vectors, where it has the k-NN plugin, at those that a graph leads to; distances are told from the bytes of
 * those found, as the embedded index tells them.
 * @throws SearchError
 */
export async function nearest({ near, limit, exclude = [] }: NearestQuery, place: Place): Promise<Neighbour[]> {
  checkLimit(limit);
  if (near.length < 1 || near.length > mostWishes) throw invalid(`a search takes from one to ${mostWishes} values to be near to`);
  const wishes = near.map((wish) => askedOf(wish, place.declared));
  const knn = wishes.some(({ declaration }) => declaration.kind === 'vector') && (await place.knn());
  const responses = await place.server.msearch<{ hits: { hits: Hit[] } }>(
    place.alias,
    wishes.map((wish) => queryOf(wish, { limit, exclude, knn, paths: wishes.map(({ declaration }) => pathOf(declaration)) })),
  );
  const found = new Map<string, Hit>();
  responses.forEach(({ hits }, i) => {
    const { far, within = Infinity } = wishes[i]!;
    for (const hit of hits.hits) if (far(hit) <= within) found.set(hit.sort[1], hit);
  });
  return [...found].map(([id, hit]) => ({
    id,
    distances: Object.fromEntries(
      wishes.map(({ field, far }) => [field, far(hit)] as const).filter(([, far]) => !Number.isNaN(far)),
    ),
  }));
}

function askedOf(wish: Wish, declared: Declared): Asked {
  declared.expectLikeness(wish.field);
  const { field, within } = wish;
  if (within !== undefined && !(within >= 0)) throw invalid(`within must be a number from 0 up for ${field}`);
  const declaration = declared.fields.get(field);
  const column = declaration && columnFor(declaration);
  const distance = column instanceof Likeness ? column.from(wish.value) : null;
  const value = declaration && distance ? bytesOf(declaration, wish.value) : null;
  if (!declaration || !distance || value === null) throw invalid(`what is to be near in ${field} is none of its values`);
  return {
    ...wish,
    declaration,
    value,
    far({ fields = {} }) {
      const [bytes] = fields[pathOf(declaration)] ?? [];
      column?.set(0, bytes === undefined ? undefined : valueOf(declaration, bytes));
      return column instanceof Likeness ? (column.from(wish.value)?.(0) ?? NaN) : NaN;
    },
  };
}

function queryOf(
  { declaration, value }: Asked,
  { limit, exclude, knn, paths }: { limit: number; exclude: readonly string[]; knn: boolean; paths: string[] },
): Json {
  const path = pathOf(declaration);
  const having: Json =
    knn && declaration.kind === 'vector'
      ? graphQuery(declaration, value, { limit, exclude })
      : { bool: { filter: [live, { exists: { field: path } }], must_not: [{ terms: { id: exclude } }] } };
  return {
    size: limit,
    _source: false,
    track_total_hits: false,
    docvalue_fields: paths,
    sort: [{ _score: 'desc' }, { id: 'asc' }],
    query: {
      script_score: { query: having, script: likenessScript(declaration.kind === 'bits' ? 'bits' : 'vector', path, value) },
    },
  };
}
