// @ts-check
import { thumbHashToDataURL } from 'thumbhash';

/** @typedef {import('../types.d.ts').Asset} Asset */
/** @typedef {import('../types.d.ts').Variant} Variant */

/**
 * What the grid shows of an asset; an asset is some 8 KB, and this is kept for thousands.
 * @typedef {object} Card
 * @property {string} id
 * @property {number} rev
 * @property {string} label
 * @property {number} ratio width by height
 * @property {Asset['state']} state
 * @property {number | undefined} durationMs of a video
 * @property {string | undefined} hash ThumbHash, in base64
 * @property {string | undefined} color
 * @property {{ url: string, width: number }[]} files that show it whole, smallest first
 * @property {string | undefined} moving a short animation of a video
 */

/** @param {Asset} asset */
export const nameOf = ({ title, filename }) => title || filename;

/** Files that show the whole picture in a type that browsers show well, smallest first. @param {Asset} asset */
export function stillsOf({ variants }) {
  const stills = variants.filter(({ still, width }) => still && width);
  const webp = stills.filter(({ type }) => type === 'image/webp');
  const chosen = webp.length > 0 ? webp : stills.filter(({ type }) => type === 'image/jpeg');
  return chosen.map(({ url, width = 0 }) => ({ url, width })).sort((a, b) => a.width - b.width);
}

/** A derived file by its name. @param {Asset} asset @param {string} name */
export const fileOf = ({ variants }, name) => variants.find((file) => file.name === name)?.url;

/** @param {Asset} asset @returns {Card} */
export function cardOf(asset) {
  const { id, rev, width, height, state, durationMs, enrichments } = asset;
  const { thumbhash, averageColor } = enrichments['placeholder'] ?? {};
  const stills = stillsOf(asset);
  const isVideo = asset.type.startsWith('video/');
  // Until there are smaller sizes of a picture, one is made on demand; a video has nothing to show before its poster, and what no
  // enricher could read cannot be shown.
  const unreadable = state === 'degraded' && !enrichments['variants'] && !enrichments['placeholder'];
  const files =
    stills.length > 0 || isVideo || unreadable ? stills : [{ url: `/media/${id}?w=640`, width: Math.min(640, width) }];
  return {
    id,
    rev,
    label: nameOf(asset),
    ratio: width / height,
    state,
    durationMs: isVideo ? durationMs : undefined,
    hash: typeof thumbhash === 'string' ? thumbhash : undefined,
    color: typeof averageColor === 'string' ? averageColor : undefined,
    files,
    moving: isVideo ? fileOf(asset, 'preview') : undefined,
  };
}

/** @type {Map<string, string>} */
const blurs = new Map();
const mostBlurs = 500;

/** The blur of a ThumbHash as the address of a picture; undefined for what is none. @param {string | undefined} hash base64 */
export function blurOf(hash) {
  if (!hash) return undefined;
  let url = blurs.get(hash);
  if (url === undefined) {
    try {
      url = thumbHashToDataURL(Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0)));
    } catch {
      return undefined;
    }
    if (blurs.size >= mostBlurs) blurs.clear();
    blurs.set(hash, url);
  }
  return url;
}

/** @param {readonly { url: string, width: number }[]} files */
export const srcset = (files) => files.map(({ url, width }) => `${url} ${width}w`).join(', ');
