// @ts-check
import { html } from 'htm/preact';
import { go, hrefOf, params, searchHref } from '../address.js';
import { fields } from '../enrichers.js';
import { Icon } from '../parts/icon.js';
import { wishesOf } from './wish.js';

/** What the search is narrowed by; each can be taken off. */
export function Chips() {
  const wishes = wishesOf(params.value, fields.value);
  if (wishes.length === 0) return null;
  const panel = params.value.get('panel') ?? undefined;
  return html`<ul class="chips" aria-label="Narrowed by">
    ${wishes.map(
      ({ parameter, left, label, color, title }) =>
        html`<li key=${`${parameter} ${label}`}>
          <button
            type="button"
            class="chip"
            title=${title}
            aria-label=${`Leave out ${label}`}
            onClick=${() => go(searchHref({ [parameter]: left }))}
          >
            ${color && html`<span class="dot" style=${{ backgroundColor: color }}></span>`}${label}<${Icon}
              name="close"
              size="13"
            />
          </button>
        </li>`,
    )}
    ${wishes.length > 1 && html`<li><button type="button" class="quiet small" onClick=${() => go(hrefOf('/', { panel }))}>Clear all</button></li>`}
  </ul>`;
}
