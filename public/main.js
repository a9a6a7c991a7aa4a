// @ts-check
import { html, render } from 'htm/preact';
import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { followAddresses, params, query, route } from './address.js';
import { AssetView } from './asset/asset-view.js';
import { refreshEnrichers } from './enrichers.js';
import { listen, onEvent } from './events.js';
import { followKeys } from './keys.js';
import { followSearch } from './library/news.js';
import { Library } from './library/library.js';
import { Locked } from './locked.js';
import { Operations } from './operations/operations.js';
import { Help } from './parts/help.js';
import { Notices } from './parts/notices.js';
import { locked } from './server.js';
import { Top } from './top.js';
import { DropZone } from './upload/drop.js';
import { followUploads } from './upload/enriching.js';
import { askBeforeLeaving } from './upload/queue.js';
import { Tray } from './upload/tray.js';

function App() {
  const at = route.value;
  const open = at.view === 'asset';
  useEffect(() => {
    document.documentElement.classList.toggle('covered', open);
  }, [open]);
  useEffect(() => {
    if (at.view === 'library')
      document.title = [params.value.get('q'), params.value.get('tags'), 'Vitrail'].filter(Boolean).join(' – ');
  }, [at.view, query.value]);
  if (locked.value) return html`<${Locked} />`;
  return html`
    <a class="skip" href="#main">To the content</a>
    <div inert=${open}>
      <${Top} />
      ${at.view === 'operations' ? html`<${Operations} />` : html`<${Library} />`}
    </div>
    ${at.view === 'asset' && html`<${AssetView} id=${at.id} />`}
    <${Tray} />
    <${DropZone} />
    <${Help} />
    <${Notices} />
  `;
}

followAddresses();
followKeys();
followSearch();
followUploads();
askBeforeLeaving();
listen();
effect(() => {
  // What enrichers there are decides filters and fields; pictures do not wait for it.
  if (!locked.value) void refreshEnrichers().catch(() => undefined);
});
onEvent((name) => name === 'reset' && void refreshEnrichers().catch(() => undefined));
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
