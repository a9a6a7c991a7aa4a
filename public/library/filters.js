// @ts-check
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { go, params, searchHref } from '../address.js';
import { groups, isRange } from '../enrichers.js';
import { Icon } from '../parts/icon.js';
import { count, counted } from '../words.js';
import { ColorPicker } from './color-picker.js';
import { facets, followFacets } from './facets.js';
import { found } from './found.js';
import { Range } from './range.js';
import { listOf, toggled, valueName } from './wish.js';

/** @typedef {import('../enrichers.js').Field} Field */

/** Values of a facet that are shown before somebody asks for more. */
const few = 8;
const sizes = [
  ['', 'Any size'],
  ['1280x720', 'HD or larger'],
  ['1920x1080', 'Full HD or larger'],
  ['3840x2160', '4K or larger'],
];

/** Everything a search can be narrowed by: what files have, then what each enricher declares. A new one appears by itself. */
export function Filters({ onClose = () => {} }) {
  useEffect(() => followFacets(), []);
  const [files, ...ofEnrichers] = groups.value;
  return html`<aside class="filters" aria-label="Filters">
    <header>
      <h2>Filters</h2>
      <button type="button" class="quiet square" aria-label="Close filters" onClick=${onClose}><${Icon} name="close" /></button>
    </header>
    <div class="filters-body">
      <${ColorPicker} />
      ${files?.fields.filter(({ facet }) => facet).map((field) => html`<${Facet} key=${field.name} field=${field} />`)}
      <fieldset>
        <legend>Size</legend>
        <select
          aria-label="Smallest size"
          value=${params.value.get('atleast') ?? ''}
          onChange=${(/** @type {Event} */ { currentTarget }) =>
            go(searchHref({ atleast: /** @type {HTMLSelectElement} */ (currentTarget).value }))}
        >
          ${sizes.map(([value, title]) => html`<option key=${value} value=${value}>${title}</option>`)}
        </select>
      </fieldset>
      ${ofEnrichers.flatMap(({ fields }) => fields.filter(({ facet }) => facet)).map((field) => html`<${Facet} key=${field.name} field=${field} />`)}
      <div>
        ${[...ofEnrichers, files].map(
          (group) => group && html`<${Ranges} key=${group.title} title=${group.title} fields=${group.fields.filter(isRange)} />`,
        )}
      </div>
    </div>
    <footer><button type="button" class="primary" onClick=${onClose}>Show ${counted(found.value.total.value ?? 0, 'item')}</button></footer>
  </aside>`;
}

/** The values of a field with how many have them. @param {{ field: Field }} props */
function Facet({ field }) {
  const [all, setAll] = useState(false);
  const asked = params.value.get(field.name);
  const chosen = listOf(asked);
  const counted = facets.value[field.name] ?? [];
  // What is chosen stays in sight, should nothing have it any more.
  const lost = chosen.filter((part) => !part.startsWith('-') && !counted.some(({ value }) => String(value) === part));
  const isChosen = (/** @type {{ value: string | number | boolean }} */ { value }) => chosen.includes(String(value));
  const known = [...counted, ...lost.map((value) => ({ value, count: 0 }))];
  // One that is chosen stands among the first, however rare it is.
  const values = [
    ...known.slice(0, few),
    ...known.slice(few).filter(isChosen),
    ...known.slice(few).filter((one) => !isChosen(one)),
  ];
  const shown = Math.max(few, values.findLastIndex(isChosen) + 1);
  if (values.length === 0) return null;
  // One value at a time where a field has one of two, or a number.
  const single = field.kind === 'boolean' || field.kind === 'integer';
  const choose = (/** @type {string} */ text) =>
    go(searchHref({ [field.name]: single ? (asked === text ? undefined : text) : toggled(asked, text) }));
  return html`<fieldset class="facet">
    <legend title=${field.description}>${field.title}</legend>
    <ul>
      ${values.slice(0, all ? undefined : shown).map(({ value, count: many }) => {
        const text = String(value);
        return html`<li key=${text}>
          <label>
            <input type="checkbox" checked=${chosen.includes(text)} onChange=${() => choose(text)} />
            <span class="value">${valueName(field, value)}</span>
            <span class="count">${count(many)}</span>
          </label>
        </li>`;
      })}
    </ul>
    ${
      values.length > shown &&
      html`<button type="button" class="quiet small" onClick=${() => setAll(!all)}>
        ${all ? 'Fewer' : `${values.length - shown} more`}
      </button>`
    }
  </fieldset>`;
}

/** @param {{ title: string, fields: Field[] }} props */
function Ranges({ title, fields }) {
  const active = fields.filter(({ name }) => params.value.has(name)).length;
  const [open, setOpen] = useState(active > 0);
  if (fields.length === 0) return null;
  return html`<details
    class="ranges"
    open=${open}
    onToggle=${(/** @type {Event} */ { currentTarget }) => setOpen(/** @type {HTMLDetailsElement} */ (currentTarget).open)}
  >
    <summary>${title}${active > 0 && html`<span class="pill">${active}</span>`}<${Icon} name="down" size="16" /></summary>
    ${open && fields.map((field) => html`<${Range} key=${field.name} field=${field} />`)}
  </details>`;
}
