// @ts-check
/**
 * The small frames of a video on one sheet (WebVTT with `#xywh=`), without the page.
 * @typedef {{ from: number, to: number, x: number, y: number, width: number, height: number }} Tile times in s, the rest in px of the sheet
 */

const cue = /(?:(\d+):)?(\d\d):(\d\d\.\d{3}) --> (?:(\d+):)?(\d\d):(\d\d\.\d{3})[^\n]*\n[^\n]*#xywh=(\d+),(\d+),(\d+),(\d+)/g;

/** @param {string | undefined} hours @param {string | undefined} minutes @param {string | undefined} seconds */
const time = (hours = '0', minutes = '0', seconds = '0') => Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);

/** @param {string} vtt @returns {Tile[]} */
export const tilesOf = (vtt) =>
  [...vtt.replaceAll('\r\n', '\n').matchAll(cue)].map(([, h1, m1, s1, h2, m2, s2, x, y, width, height]) => ({
    from: time(h1, m1, s1),
    to: time(h2, m2, s2),
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }));

/** The tile of a time. @param {readonly Tile[]} tiles @param {number} seconds */
export const tileAt = (tiles, seconds) => tiles.find(({ to }) => seconds < to) ?? tiles.at(-1);

/** So many tiles, evenly over the clip. @param {readonly Tile[]} tiles @param {number} many */
export const spread = (tiles, many) =>
  tiles.length <= many
    ? [...tiles]
    : Array.from({ length: many }, (_, index) => /** @type {Tile} */ (tiles[Math.floor(((index + 0.5) * tiles.length) / many)]));
