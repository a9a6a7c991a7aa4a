// @ts-check
import { html } from 'htm/preact';
import { go, params, searchHref } from '../address.js';
import { listOf, toggled } from './wish.js';

/** Colours that photographs are full of, light to dark, around the wheel; each a place to begin. */
const swatches = [
  ['#f4d9a6', '#e8a33d', '#b5651d'],
  ['#f3b8a0', '#d9583b', '#7c2d1f'],
  ['#f0b6c8', '#c23f72', '#64203f'],
  ['#c9b8ec', '#7a52c7', '#39266b'],
  ['#a9cdf4', '#2f6fc4', '#17345f'],
  ['#a8dde0', '#1f95a3', '#124a52'],
  ['#b4dca6', '#4c9a3a', '#23451c'],
  ['#e4e2a0', '#a8a32c', '#4d4a14'],
  ['#ffffff', '#8e8e8c', '#141414'],
];
const most = 5;

/**
 * Searches by a colour instead of those before, or beside them; by one that is searched for already no more.
 * @param {string} hex
 * @param {boolean} beside
 */
export function chooseColor(hex, beside) {
  const chosen = listOf(params.value.get('colors'));
  const others = beside ? chosen.slice(-(most - 1)) : [];
  go(searchHref({ colors: chosen.includes(hex) ? toggled(chosen.join(','), hex) : [...others, hex].join(',') }));
}

/** Colours to search by: some at hand, any other by the picker of the system; with Shift up to five together. */
export function ColorPicker() {
  const value = params.value.get('colors');
  const chosen = listOf(value);
  return html`<fieldset class="colors">
    <legend>Colour</legend>
    <div class="swatches">
      ${swatches.flat().map(
        (hex) =>
          html`<button
              type="button"
              key=${hex}
              style=${{ backgroundColor: hex }}
              aria-pressed=${chosen.includes(hex)}
              aria-label=${`Near ${hex}`}
              title=${hex}
              onClick=${(/** @type {MouseEvent} */ { shiftKey }) => chooseColor(hex, shiftKey)}
            ></button>`,
      )}
    </div>
    <label class="any-color">
      <input
        type="color"
        value=${chosen.at(-1) ?? '#2f6fc4'}
        onChange=${(/** @type {Event} */ { currentTarget }) => {
          const { value: hex } = /** @type {HTMLInputElement} */ (currentTarget);
          if (!chosen.includes(hex)) chooseColor(hex, false);
        }}
      />
      Any other colour
    </label>
  </fieldset>`;
}
