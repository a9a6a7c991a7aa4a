import type { Groups, GroupsQuery } from '../../drivers/search/port.ts';
import type { Asset } from '../contracts/asset.ts';
import type { Duplicates } from '../contracts/search.ts';
import { shapeReach } from './ratio.ts';
import { leadFirst, leadOf, type Reach, rounded, shareOfBits, type Sign } from './signs.ts';

/** Members of a group that are shown; the rest are counted. */
const shownMembers = 20;

/** Largest first, by pixels and then by bytes: what one would keep. */
const order = [
  { field: 'pixels', descending: true },
  { field: 'bytes', descending: true },
];

/** Near in all signs that say what is the same, and of the same shape. */
function queryOf(signs: readonly Sign[], page: Pick<GroupsQuery, 'limit' | 'cursor'>): GroupsQuery {
  const near = leadFirst(signs).flatMap(({ field, same }) => (same === undefined ? [] : [{ field, within: same }]));
  return { near: [...near, { field: 'shape', within: shapeReach }], order, ...page };
}

/** A page of groups of near-duplicates; none where no enricher says what is the same. */
export async function duplicatesOf(
  page: Pick<GroupsQuery, 'limit' | 'cursor'>,
  { index, signs, many }: Reach,
): Promise<Duplicates> {
  const lead = leadOf(signs);
  if (!lead) return { items: [], total: 0, next: null };
  const { groups, total, next } = await index.groups(queryOf(signs, page));
  const ids = groups.flatMap((members) => members.slice(0, shownMembers).map(({ id }) => id));
  const assets = new Map((await many(ids)).map((asset) => [asset.id, asset]));
  return { items: groups.flatMap((members) => shown(members, assets, lead)), total, next };
}

/** A group as it is answered; none where all but one are gone meanwhile. */
function shown(members: Groups['groups'][number], assets: ReadonlyMap<string, Asset>, lead: Sign): Duplicates['items'] {
  const known = members.slice(0, shownMembers).flatMap(({ id }) => assets.get(id) ?? []);
  if (known.length < 2) return [];
  const gone = Math.min(members.length, shownMembers) - known.length;
  const furthest = members.reduce((most, { distance }) => Math.max(most, distance), 0);
  return [{ assets: known, count: members.length - gone, distance: rounded(shareOfBits(furthest, lead)) }];
}
