// @ts-check
import { html } from 'htm/preact';
import { go, params, searchHref } from '../address.js';
import { groups } from '../enrichers.js';

/** The order of what is found: by itself the nearest first, where there is something to be near to, else the newest. */
export function Sort() {
  const asked = params.value.get('sort') ?? '';
  const name = asked.replace(/^-/, '');
  const natural = params.value.has('colors')
    ? 'Nearest colour first'
    : params.value.has('q')
      ? 'Best match first'
      : 'Newest first';
  const known = ['', 'newest', 'oldest', 'relevance'].includes(name);
  const sortable = groups.value.map((group) => ({
    ...group,
    fields: group.fields.filter(({ sort, name: field }) => sort && field !== 'createdAt'),
  }));
  const set = (/** @type {string} */ sort) => go(searchHref({ sort }));
  return html`<div class="sort">
    <label class="unseen" for="sort">Order</label>
    <select
      id="sort"
      value=${name}
      onChange=${(/** @type {Event} */ { currentTarget }) => {
        const { value } = /** @type {HTMLSelectElement} */ (currentTarget);
        // Of numbers the largest is what most look for.
        set(['', 'newest', 'oldest'].includes(value) ? value : `-${value}`);
      }}
    >
      <option value="">${natural}</option>
      ${natural !== 'Newest first' && html`<option value="newest">Newest first</option>`}
      <option value="oldest">Oldest first</option>
      ${sortable.map(
        ({ title, fields }) =>
          fields.length > 0 &&
          html`<optgroup key=${title} label=${title}>
            ${fields.map((field) => html`<option key=${field.name} value=${field.name}>${field.title}</option>`)}
          </optgroup>`,
      )}
    </select>
    ${
      !known &&
      html`<button
        type="button"
        class="quiet square"
        title=${asked.startsWith('-') ? 'Highest first' : 'Lowest first'}
        aria-label=${`${asked.startsWith('-') ? 'Highest' : 'Lowest'} first; turn round`}
        onClick=${() => set(asked.startsWith('-') ? name : `-${name}`)}
      >
        ${asked.startsWith('-') ? '↓' : '↑'}
      </button>`
    }
  </div>`;
}
