// @ts-check
/** Numbers, sizes and times in words for people, as their browser writes them. */

const counts = new Intl.NumberFormat();
const places = [0, 1, 2, 3, 4].map((maximumFractionDigits) => new Intl.NumberFormat(undefined, { maximumFractionDigits }));

/** @param {number} value */
export const count = (value) => counts.format(value);

/** To three digits that mean something. @param {number} value */
export function number(value) {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 4;
  return places[digits]?.format(value) ?? String(value);
}

const hundredths = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** For a column of numbers that go up to the same: those of shares with the same digits. @param {number} value @param {number} max */
export const aligned = (value, max) => (max > 1 ? number(Number(value.toFixed(2))) : hundredths.format(value));

/** @param {number} value @param {string} one @param {string} [many] */
export const counted = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** @param {number} value bytes */
export function bytes(value) {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  return `${number(Number((value / 1000 ** power).toPrecision(3)))} ${units[power]}`;
}

/** `0:07`, `1:02:03`. @param {number} ms */
export function clock(ms) {
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** How long something took. @param {number} ms */
export function took(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${number(Math.round(ms / 100) / 10)} s`;
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${number(Math.round(ms / 360_000) / 10)} h`;
}

const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'long' });

/** @param {string} iso */
export const day = (iso) => days.format(new Date(iso));
/** @param {string} iso */
export const moment = (iso) => moments.format(new Date(iso));

/** `3 minutes ago`. @param {string} iso */
export function ago(iso, now = Date.now()) {
  const seconds = (Date.parse(iso) - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return relative.format(0, 'second');
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 24 * 3600) return relative.format(Math.round(seconds / 3600), 'hour');
  return size < 14 * 24 * 3600 ? relative.format(Math.round(seconds / (24 * 3600)), 'day') : day(iso);
}

/** `image/jpeg` as people call it. @param {string} type */
export function kind(type) {
  const [group, name = type] = type.split('/');
  if (name === '*') return group === 'image' ? 'Pictures' : group === 'video' ? 'Videos' : type;
  const known = {
    quicktime: 'MOV',
    'x-matroska': 'Matroska',
    'x-msvideo': 'AVI',
    vtt: 'WebVTT',
    webp: 'WebP',
    webm: 'WebM',
    'svg+xml': 'SVG',
  };
  return known[/** @type {keyof typeof known} */ (name)] ?? name.toUpperCase();
}

/** @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
