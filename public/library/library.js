// @ts-check
import { html } from 'htm/preact';
import { go, hrefOf, params, query } from '../address.js';
import { Icon } from '../parts/icon.js';
import { sayError } from '../parts/notices.js';
import { counted } from '../words.js';
import { kept } from './behind.js';
import { Chips } from './chips.js';
import { Filters } from './filters.js';
import { found, search, searching, unseen } from './found.js';
import { Grid } from './grid.js';
import { Sort } from './sort.js';
import { Behind, Empty, Introduction, Nothing, Trouble } from './states.js';

const setPanel = (/** @type {string | undefined} */ panel) =>
  go(hrefOf('/', { ...Object.fromEntries(params.value), panel }), { replace: true });

/** Shows what has come, at the top. */
async function showUnseen() {
  window.scrollTo({ top: 0 });
  const { error } = await search();
  if (error.peek()) sayError(error.peek());
}

/** What fails by what was asked is no matter of schemas to who asked. @param {import('../server.js').ServerError} error */
const headingOf = ({ status }) => (status === 422 ? 'This search cannot be made' : undefined);

/** All pictures, or those that a search finds. */
export function Library() {
  const { total, error } = found.value;
  const open = params.value.get('panel') === 'filters';
  const isEmpty = total.value === 0;
  const wished = query.value !== '';
  const failure = total.value === undefined ? error.value : undefined;
  if (isEmpty && !wished && !searching.value)
    return html`<main class="library" id="main" tabindex="-1">
      ${kept.value !== undefined && html`<${kept.value > 0 ? Behind : Empty} />`}
    </main>`;
  return html`<div class="library" data-filters=${open}>
    ${open && html`<${Filters} onClose=${() => setPanel(undefined)} />`}
    <main id="main" tabindex="-1" aria-busy=${searching.value}>
      <div class="bar">
        <button type="button" class="toggle" aria-expanded=${open} onClick=${() => setPanel(open ? undefined : 'filters')}>
          <${Icon} name="filter" />Filters
        </button>
        <${Chips} />
        <p class="total" role="status">${total.value === undefined ? '' : counted(total.value, 'item')}</p>
        <${Sort} />
      </div>
      ${!wished && !open && !failure && html`<${Introduction} />`}
      ${failure && html`<${Trouble} error=${failure} title=${headingOf(failure)} />`}
      ${isEmpty && html`<${Nothing} />`}
      ${total.value === undefined && !error.value && html`<${Waiting} />`}
      <${Grid} />
      ${
        error.value &&
        total.value !== undefined &&
        html`<p class="more-failed" role="alert">
          ${error.value.message} <button type="button" onClick=${() => found.value.more()}>Try again</button>
        </p>`
      }
      ${
        unseen.value > 0 &&
        html`<button type="button" class="unseen-button primary" onClick=${showUnseen}>
          ${counted(unseen.value, 'new item')}
        </button>`
      }
    </main>
  </div>`;
}

const shapes = [1.5, 0.8, 1.4, 1.78, 0.7, 1.5, 1, 1.6, 1.33, 0.75, 1.5, 1.9, 1.2, 0.8, 1.6];

/** Where pictures will be. */
function Waiting() {
  return html`<div class="waiting" aria-hidden="true">
    ${shapes.map((ratio, index) => html`<span key=${index} style=${{ '--ratio': ratio }}></span>`)}
  </div>`;
}
