// @ts-check
import { bounds } from '../enrichers.js';
import { bytes, capital, clock, day, kind, number } from '../words.js';

/** @typedef {import('../enrichers.js').Field} Field */

/** What a search asks for, part by part: reading and writing the values of its parameters, without the page. */

/** `a,b,-c` as a list. @param {string | null | undefined} value */
export const listOf = (value) =>
  (value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** The list with one more, or without it where it is there; undefined where nothing is left. @param {string | null | undefined} value @param {string} part */
export function toggled(value, part) {
  const list = listOf(value);
  const left = list.includes(part) ? list.filter((one) => one !== part) : [...list, part];
  return left.length > 0 ? left.join(',') : undefined;
}

/** `3..5`, `3..`, `..5` or `3` as its ends. @param {string | null | undefined} value */
export function rangeOf(value) {
  const [from = '', to = from] = (value ?? '').split('..');
  return { from, to };
}

/** @param {{ from: string, to: string }} range @returns {string | undefined} */
export const rangeText = ({ from, to }) => (from === '' && to === '' ? undefined : `${from}..${to}`);

/** A value as people call it. @param {Field | undefined} field @param {string | number | boolean} value */
export function valueName(field, value) {
  const text = String(value);
  if (field?.name === 'type') return kind(text);
  if (field?.name === 'rating') return Number(value) === 0 ? 'No stars' : '★'.repeat(Number(value));
  if (field?.kind === 'boolean') return text === 'true' ? 'Yes' : 'No';
  return ['state', 'orientation'].includes(field?.name ?? '')
    ? capital(stateNames[/** @type {keyof typeof stateNames} */ (text)] ?? text)
    : text;
}
const stateNames = { processing: 'being enriched', ready: 'ready', degraded: 'partly enriched' };

/** One end of a range as people write it. @param {Field} field @param {string} text */
function endName(field, text) {
  if (field.kind === 'date') return /^\d{4}-\d\d-\d\d$/.test(text) ? day(`${text}T12:00:00`) : text;
  if (field.unit === 'bytes') return bytes(Number(text));
  if (field.unit === 'ms') return clock(Number(text));
  return number(Number(text)) + (field.unit ? ` ${field.unit}` : '');
}

/** @param {Field} field @param {string} value */
function rangeName(field, value) {
  const { from, to } = rangeOf(value);
  if (from === to) return endName(field, from);
  const dash = from && to ? `${endName(field, from)} – ${endName(field, to)}` : '';
  const date = field.kind === 'date';
  return (
    dash || (from ? `${date ? 'since' : 'from'} ${endName(field, from)}` : `${date ? 'until' : 'up to'} ${endName(field, to)}`)
  );
}

/**
 * What is asked for besides the words, each with what is left of its parameter without it.
 * @typedef {{ parameter: string, left: string | undefined, label: string, color?: string, title?: string }} Wish
 * @param {URLSearchParams} params
 * @param {ReadonlyMap<string, Field>} fields
 * @returns {Wish[]}
 */
export function wishesOf(params, fields) {
  return [...params].flatMap(([parameter, value]) => wishesIn(parameter, value, fields));
}

/** @param {string} parameter @param {string} value @param {ReadonlyMap<string, Field>} fields @returns {Wish[]} */
function wishesIn(parameter, value, fields) {
  const field = fields.get(parameter);
  if (parameter === 'colors')
    return listOf(value).map((hex) => ({
      parameter,
      left: toggled(value, hex),
      label: hex,
      color: hex,
      title: 'Near this colour',
    }));
  if (parameter === 'atleast') return [{ parameter, left: undefined, label: `${value.replace('x', ' × ')} or larger` }];
  if (!field) return [];
  if (['integer', 'float', 'date'].includes(field.kind)) {
    const name = field.name === 'rating' ? ratingName(value) : rangeName(field, value);
    return [{ parameter, left: undefined, label: `${field.title}: ${name}` }];
  }
  return listOf(value).map((part) => ({
    parameter,
    left: toggled(value, part),
    label: partName(field, part),
    title: field.title,
  }));
}

/** @param {string} value */
const ratingName = (value) => (value.endsWith('..') ? `${value.slice(0, -2)}★ or more` : value);

/** @param {Field} field @param {string} part */
function partName(field, part) {
  if (part.startsWith('-')) return `not ${valueName(field, part.slice(1))}`;
  return field.kind === 'boolean' ? `${field.title}: ${valueName(field, part)}` : valueName(field, part);
}

/** A step that is fine enough for a slider of a field. @param {Field} field */
export function stepOf(field) {
  const within = bounds(field);
  if (field.kind === 'integer' || !within) return 1;
  return within.max - within.min <= 2 ? 0.01 : 1;
}
