import Negotiator from 'negotiator';
import { VitrailError } from '../contracts/errors.ts';
import type { Fit, Format } from '../contracts/media.ts';
import type { z } from 'zod';
import type { AssetRecord } from './asset-records.ts';

/** A size and format made on demand, with nothing left to choose. */
export interface Rendition {
  width: number;
  height: number;
  fit: z.infer<typeof Fit>;
  format: Format;
}

export interface Wish {
  w?: number | undefined;
  h?: number | undefined;
  fit?: z.infer<typeof Fit> | undefined;
  format?: Format | undefined;
  accept?: string | undefined;
}

/** Of formats that a browser accepts the smaller file first. A wildcard is no wish for a modern format: old clients send it too. */
const offered = ['image/avif', 'image/webp'];

/** The format for a request: the one asked for, the best that Accept names, else what every client shows. */
export function formatFor(wish: Wish, type: string): Format {
  if (wish.format) return wish.format;
  const named = (wish.accept ?? '')
    .split(',')
    .filter((range) => offered.includes(range.split(';')[0]?.trim().toLowerCase() ?? ''))
    .join(',');
  const [best] = named === '' ? [] : new Negotiator({ headers: { accept: named } }).mediaTypes(offered);
  if (best) return best.slice('image/'.length) as Format;
  return type === 'image/png' || type === 'image/gif' || type === 'image/webp' ? 'png' : 'jpeg';
}

/**
 * The rendition that a wish means for an asset: never larger than the original, aspect kept unless `cover` fills both edges.
 * @throws media.rendition-refused for an edge outside the allow-list: each combination is a file to make and to keep.
 */
export function renditionFor(
  wish: Wish,
  asset: Pick<AssetRecord, 'width' | 'height' | 'type'>,
  edges: readonly number[],
): Rendition {
  for (const edge of [wish.w, wish.h]) {
    if (edge !== undefined && !edges.includes(edge)) {
      throw new VitrailError(
        'media.rendition-refused',
        `An edge of ${edge} px is not offered; take one of ${edges.join(', ')}.`,
        { edges },
      );
    }
  }
  const fit = wish.fit ?? 'inside';
  if (fit === 'cover' && (wish.w === undefined || wish.h === undefined)) {
    throw new VitrailError('media.rendition-refused', 'fit=cover needs both w and h.');
  }
  const format = formatFor(wish, asset.type);
  const { w = Infinity, h = Infinity } = wish;
  if (fit === 'cover') {
    const scale = Math.min(1, asset.width / w, asset.height / h);
    return { width: Math.max(1, Math.round(w * scale)), height: Math.max(1, Math.round(h * scale)), fit, format };
  }
  const scale = Math.min(1, w / asset.width, h / asset.height);
  return {
    width: Math.max(1, Math.round(asset.width * scale)),
    height: Math.max(1, Math.round(asset.height * scale)),
    fit,
    format,
  };
}

interface Source {
  key: string;
  type: string;
  width?: number | undefined;
  height?: number | undefined;
}

/** A stored file that already is the rendition. */
export const storedAs = <F extends Source>(rendition: Rendition, files: readonly F[]): F | undefined =>
  rendition.fit === 'inside'
    ? files.find(
        (file) => file.width === rendition.width && file.height === rendition.height && file.type === `image/${rendition.format}`,
      )
    : undefined;

/**
 * What to make a rendition from: the smallest stored file that is no smaller than needed, JPEG before others because it decodes
 * at a fraction of its size. Nothing when only the original will do.
 */
export function sourceFor<F extends Source>({ width, height }: Rendition, files: readonly F[]): F | undefined {
  const [best] = files
    .filter((file) => file.type.startsWith('image/') && (file.width ?? 0) >= width && (file.height ?? 0) >= height)
    .sort((a, b) => (a.width ?? 0) - (b.width ?? 0) || Number(b.type === 'image/jpeg') - Number(a.type === 'image/jpeg'));
  return best;
}
