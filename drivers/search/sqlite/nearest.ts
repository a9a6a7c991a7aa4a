import { mostWishes, type NearestQuery, type Neighbour, type Wish } from '../port.ts';
import { checkLimit, invalid } from '../query/check.ts';
import { type Distance, Likeness } from '../columns/column.ts';
import type { Declared } from '../query/declared.ts';
import type { Ids } from '../columns/ids.ts';
import type { Table } from '../columns/table.ts';

/**
 * The rows nearest by each wish, with their distance in every one of the fields. Each wish looks at all rows: of 100,000, that is
 * a hundredth of a second for vectors of 96 numbers.
 * @throws SearchError search.query-invalid, search.field-unknown
 */
export function nearest(
  { near, limit, exclude = [] }: NearestQuery,
  { declared, table }: { declared: Declared; table: Table },
): Neighbour[] {
  checkLimit(limit);
  if (near.length < 1 || near.length > mostWishes) {
    throw invalid(`a search takes from one to ${mostWishes} values to be near to`);
  }
  const wishes = near.map((wish) => ({ ...wish, distance: distanceOf(wish, declared, table) }));
  const excluded = new Set(exclude);
  const rows = table.rows();
  const found = new Set(
    wishes.flatMap(({ distance, within }) =>
      // One more for each that may have to be left out.
      closest(rows, distance, { most: limit + excluded.size, within, ids: table.ids })
        .filter((row) => !excluded.has(table.ids.get(row)))
        .slice(0, limit),
    ),
  );
  return [...found].map((row) => ({
    id: table.ids.get(row),
    distances: Object.fromEntries(
      wishes.map(({ field, distance }) => [field, distance(row)] as const).filter(([, far]) => !Number.isNaN(far)),
    ),
  }));
}

function distanceOf({ field, value, within }: Wish, declared: Declared, table: Table): Distance {
  declared.expectLikeness(field);
  if (within !== undefined && !(within >= 0)) throw invalid(`within must be a number from 0 up for ${field}`);
  const column = table.columns.get(field);
  const distance = column instanceof Likeness ? column.from(value) : null;
  if (!distance) throw invalid(`what is to be near in ${field} is none of its values`);
  return distance;
}

interface Limits {
  most: number;
  within?: number | undefined;
  ids: Ids;
}

/** The nearest of the rows, nearest first, ties by id. */
function closest(rows: Uint32Array, distance: Distance, { most, within = Infinity, ids }: Limits): number[] {
  const kept: { row: number; far: number }[] = [];
  let bar = within;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const far = distance(row);
    // Most rows fall out here; NaN does, too.
    if (!(far <= bar)) continue;
    const before = (one: { row: number; far: number }): boolean =>
      one.far < far || (one.far === far && ids.compare(one.row, row) < 0);
    let at = kept.length;
    while (at > 0 && !before(kept[at - 1]!)) at--;
    if (at >= most) continue;
    kept.splice(at, 0, { row, far });
    if (kept.length > most) kept.pop();
    if (kept.length === most) bar = kept.at(-1)!.far;
  }
  return kept.map(({ row }) => row);
}
