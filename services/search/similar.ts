import { mostWishes, type Wish } from '../../drivers/search/port.ts';
import type { Asset } from '../contracts/asset.ts';
import type { Similar } from '../contracts/search.ts';
import { shapeReach, shapeOf } from './ratio.ts';
import { leadFirst, leadOf, type Reach, rounded, shareOfBits, type Sign } from './signs.ts';

type Weighed = Omit<Similar, 'asset'>;

/**
 * Up to which share of the bits of a hash two are alike at all. Of 64 bits it is 12: in 8,900 pairs of unlike pictures none was
 * nearer (plugins/look-alikes/README.md), and of 100,000 pictures hardly one would be by chance.
 */
const alikeBits = 3 / 16;
/**
 * What is the same picture lies up to this distance, what is merely alike from it on. It is as far as the hash of look-alikes may be
 * for the same picture: 8 of the 32 bits by which unlike pictures differ.
 */
const border = 0.25;

/**
 * What is asked of the index, the leading sign first: of more signs than it takes at once, the last ones go unasked. A right angle
 * between vectors is no likeness.
 */
function wishesOf(asset: Asset, signs: readonly Sign[]): Wish[] {
  const lead = leadOf(signs);
  const wishes = leadFirst(signs).flatMap((sign): Wish[] => {
    const value = sign.valueOf(asset);
    const within = sign.kind === 'vector' ? 1 : sign === lead ? sign.length * alikeBits : sign.same;
    return value === undefined || within === undefined ? [] : [{ field: sign.field, value: value as Wish['value'], within }];
  });
  return wishes.slice(0, mostWishes);
}

/** The distances as one number with its reason; null where there is no likeness. */
export function weigh(distances: Readonly<Record<string, number>>, signs: readonly Sign[], sameShape: boolean): Weighed | null {
  const lead = leadOf(signs);
  const byBits = lead && distances[lead.field];
  const confirmed = signs.every(({ field, same }) => !((distances[field] ?? 0) > (same ?? Infinity)));
  const why = sameShape && byBits !== undefined && confirmed ? 'same-picture' : 'alike';
  const candidates = signs.flatMap((sign) => {
    const distance = distances[sign.field];
    if (distance === undefined) return [];
    if (sign.kind === 'vector') return distance < 1 ? [border + (1 - border) * distance] : [];
    return sign === lead && distance <= sign.length * alikeBits ? [Math.max(border, shareOfBits(distance, sign))] : [];
  });
  if (candidates.length === 0) return null;
  const distance = why === 'same-picture' && lead ? Math.min(border, shareOfBits(byBits ?? 0, lead)) : Math.min(...candidates);
  return {
    distance: rounded(distance),
    why,
    signs: Object.entries(distances).map(([field, far]) => ({ field, distance: rounded(far) })),
  };
}

/** Nearest first; of those that are equally near the one whose signs are nearer, the leading sign first; then by id. */
function byNearness(signs: readonly Sign[]): (a: Similar, b: Similar) => number {
  const order = leadFirst(signs);
  const far = ({ signs: compared }: Similar, { field }: Sign): number =>
    compared.find((sign) => sign.field === field)?.distance ?? Number.MAX_VALUE;
  return (a, b) => {
    const sign = order.find((one) => far(a, one) !== far(b, one));
    return a.distance - b.distance || (sign ? far(a, sign) - far(b, sign) : 0) || (a.asset.id < b.asset.id ? -1 : 1);
  };
}

/** What looks like an asset, nearest first: never itself, and nothing where nothing is known of it yet. */
export async function similarTo(asset: Asset, limit: number, { index, signs, many }: Reach): Promise<Similar[]> {
  const near = wishesOf(asset, signs);
  if (near.length === 0) return [];
  const found = await index.nearest({ near, limit, exclude: [asset.id] });
  const assets = new Map((await many(found.map(({ id }) => id))).map((one) => [one.id, one]));
  return found
    .flatMap(({ id, distances }) => {
      const other = assets.get(id);
      const sameShape = other !== undefined && Math.abs(shapeOf(asset) - shapeOf(other)) <= shapeReach;
      const weighed = other && weigh(distances, signs, sameShape);
      return weighed ? [{ asset: other, ...weighed }] : [];
    })
    .sort(byNearness(signs))
    .slice(0, limit);
}
