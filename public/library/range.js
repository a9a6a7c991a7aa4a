// @ts-check
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { go, params, searchHref } from '../address.js';
import { bounds } from '../enrichers.js';
import { number } from '../words.js';
import { rangeOf, rangeText, stepOf } from './wish.js';

/** @typedef {import('../enrichers.js').Field} Field */
/** @typedef {{ from: string, to: string }} Ends '' where it is open */
/** @typedef {(ends: Ends) => void} Taken */

/** From and to, of a number or a date; a number that has bounds has a slider. @param {{ field: Field }} props */
export function Range({ field }) {
  const asked = rangeOf(params.value.get(field.name));
  const [range, setRange] = useState(asked);
  useEffect(() => setRange(asked), [asked.from, asked.to]);
  const commit = (/** @type {Ends} */ next) => {
    setRange(next);
    go(searchHref({ [field.name]: rangeText(next) }));
  };
  const within = bounds(field);
  return html`<fieldset class="range" title=${field.description}>
    <legend>${field.title}${field.unit && !within ? html`<small>${field.unit}</small>` : ''}</legend>
    ${
      within
        ? html`<${Slider} field=${field} within=${within} range=${range} onMove=${setRange} onChange=${commit} />`
        : html`<${Fields} field=${field} range=${range} onChange=${commit} />`
    }
  </fieldset>`;
}

/** @param {{ field: Field, range: Ends, onChange: Taken }} props */
function Fields({ field, range, onChange }) {
  const isDate = field.kind === 'date';
  const end = (/** @type {'from' | 'to'} */ which) =>
    html`<input
      type=${isDate ? 'date' : 'number'}
      inputmode=${isDate ? undefined : 'decimal'}
      step=${isDate ? undefined : 'any'}
      aria-label=${`${field.title}, ${which}`}
      placeholder=${which === 'from' ? 'from' : 'to'}
      value=${range[which]}
      onChange=${(/** @type {Event} */ { currentTarget }) =>
        onChange({ ...range, [which]: /** @type {HTMLInputElement} */ (currentTarget).value })}
    />`;
  return html`<div class="ends" data-dates=${isDate}>${end('from')}<span aria-hidden="true">–</span>${end('to')}</div>`;
}

/** @param {{ field: Field, within: { min: number, max: number }, range: Ends, onMove: Taken, onChange: Taken }} props */
function Slider({ field, within, range, onMove, onChange }) {
  const { min, max } = within;
  const from = range.from === '' ? min : Number(range.from);
  const to = range.to === '' ? max : Number(range.to);
  const text = (/** @type {number} */ low, /** @type {number} */ high) => ({
    from: low <= min ? '' : String(low),
    to: high >= max ? '' : String(high),
  });
  const thumb = (/** @type {'at least' | 'at most'} */ which) => {
    const next = (/** @type {Event} */ { currentTarget }) => {
      const value = Number(/** @type {HTMLInputElement} */ (currentTarget).value);
      return which === 'at least' ? text(Math.min(value, to), to) : text(from, Math.max(value, from));
    };
    return html`<input
      type="range"
      min=${min}
      max=${max}
      step=${stepOf(field)}
      aria-label=${`${field.title}, ${which}`}
      value=${which === 'at least' ? from : to}
      onInput=${(/** @type {Event} */ event) => onMove(next(event))}
      onChange=${(/** @type {Event} */ event) => onChange(next(event))}
    />`;
  };
  const share = (/** @type {number} */ value) => `${((value - min) / (max - min)) * 100}%`;
  return html`<div class="slider">
    <output>${range.from === '' && range.to === '' ? 'any' : `${number(from)} – ${number(to)}`}</output>
    <div class="track" style=${{ '--from': share(from), '--to': share(to) }}>${thumb('at least')}${thumb('at most')}</div>
  </div>`;
}
