// @ts-check
import { html } from 'htm/preact';
import { hrefOf, query, route } from './address.js';
import { SearchField } from './library/search-field.js';
import { Icon } from './parts/icon.js';
import { ThemeButton } from './parts/theme-button.js';
import { helpOpen } from './keys.js';
import { chooseFiles } from './upload/choose.js';
import { tally, trayOpen } from './upload/uploads.js';
import { counted } from './words.js';

/** What is always at hand: where you are, the search, adding, operations. */
export function Top() {
  const { view } = route.value;
  return html`<header class="top">
    <a class="brand" href="/" aria-label="Vitrail, all pictures"
      ><img src="/favicon.svg" alt="" width="26" height="26" /><span>Vitrail</span></a
    >
    <${SearchField} />
    <nav aria-label="Main">
      <a
        class="button quiet"
        href=${hrefOf('/', new URLSearchParams(query.value))}
        aria-current=${view === 'operations' ? undefined : 'page'}
        ><${Icon} name="picture" /><span class="word">Library</span></a
      >
      <a class="button quiet" href="/operations" aria-current=${view === 'operations' ? 'page' : undefined}
        ><${Icon} name="pulse" /><span class="word">Operations</span></a
      >
    </nav>
    <${Adding} />
    <button type="button" class="primary add" onClick=${() => chooseFiles('files')}>
      <${Icon} name="add" /><span class="word">Add</span>
    </button>
    <span class="rare"><${ThemeButton} /></span>
    <button
      type="button"
      class="quiet square rare"
      aria-label="Help and keys"
      title="Help and keys (?)"
      onClick=${() => (helpOpen.value = true)}
    >
      <${Icon} name="help" />
    </button>
  </header>`;
}

/** While the list of added files is closed: how far they are. */
function Adding() {
  const { total, settled, bad, gone, progress } = tally.value;
  if (total === 0 || trayOpen.value) return null;
  const here = settled - bad - gone;
  const label = settled < total ? `Adding files: ${here} of ${total} ready` : `${counted(here, 'file')} added`;
  return html`<button
    type="button"
    class="quiet adding"
    aria-label=${`${label}; show the list`}
    title=${label}
    onClick=${() => (trayOpen.value = true)}
  >
    <span class="ring" style=${{ '--share': progress }}></span><span class="number">${settled}/${total}</span>
  </button>`;
}
