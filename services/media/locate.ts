import { createHash } from 'node:crypto';
import { parse } from 'node:path';
import { VitrailError } from '../contracts/errors.ts';
import type { Located } from '../contracts/media.ts';
import type { AssetRecord } from './asset-records.ts';
import { pictureOf, variantsOf } from './asset-view.ts';
import type { Renderer } from './renderer.ts';
import { renditionFor, sourceFor, storedAs, type Wish } from './rendition.ts';

export interface LocateOptions {
  renderer: Renderer;
  edges: readonly number[];
}

/** Hexadecimal: it stands in blob keys, which know no letters but plain ones. */
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A key names bytes that never change, so its hash is a strong validator (RFC 9110, 8.8.3). */
const etagOf = (key: string): string => `"${digest(key).slice(0, 32)}"`;

const located = (
  file: { key: string; type: string; bytes: number },
  filename: string,
  rest: { immutable: boolean; varies: boolean },
): Located => ({
  key: file.key,
  type: file.type,
  bytes: file.bytes,
  etag: etagOf(file.key),
  filename,
  ...rest,
});

/** `sunset-640.webp`: what is made of an asset is saved under the name of the asset. */
const savedAs = ({ filename }: AssetRecord, part: string): string => `${parse(filename).name}-${part}`;

/** The original, as it came. */
export const locateOriginal = ({ sha256 = '', type, bytes, filename }: AssetRecord): Located =>
  located({ key: `originals/${sha256}`, type, bytes }, filename, { immutable: true, varies: false });

/** A derived file by the name it is served under. @throws blob.not-found */
export function locateVariant(asset: AssetRecord, name: string, version: string | undefined): Located {
  const file = variantsOf(asset).find((variant) => variant.name === name);
  if (!file)
    throw new VitrailError('blob.not-found', `The asset has no file '${name}'; GET /api/assets/${asset.id} lists those it has.`);
  return located(file, savedAs(asset, name), { immutable: version === file.print, varies: false });
}

/** The size and format wished for: a stored file where one fits exactly, else one made now, or earlier and kept. */
export async function locateRendition(asset: AssetRecord, wish: Wish, { renderer, edges }: LocateOptions): Promise<Located> {
  const picture = pictureOf(asset);
  if (!picture)
    throw new VitrailError(
      'media.pending',
      'This asset has no picture yet to make sizes from: its poster is not made, or failed.',
    );
  const rendition = renditionFor(wish, picture, edges);
  const files = variantsOf(asset).filter(({ still }) => still === true);
  const rest = { immutable: false, varies: wish.format === undefined };
  const stored = storedAs(rendition, files);
  const name = savedAs(asset, `${rendition.width}x${rendition.height}.${rendition.format}`);
  if (stored) return located(stored, name, rest);

  const { width, height, fit, format } = rendition;
  const source = sourceFor(rendition, files) ?? picture;
  // The key names what the bytes are made from as well: the same address never stands for other bytes.
  const key = `cache/${asset.sha256 ?? ''}/${digest(source.key).slice(0, 12)}/${fit}-${width}x${height}.${format}`;
  const bytes = await renderer.bytesOf(key, source, rendition);
  return located({ key, type: `image/${format}`, bytes }, name, rest);
}
