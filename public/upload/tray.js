// @ts-check
import { html } from 'htm/preact';
import { assetHref } from '../address.js';
import { titleOf } from '../enrichers.js';
import { blurOf } from '../library/card.js';
import { Icon } from '../parts/icon.js';
import { bytes, count, counted } from '../words.js';
import { again, clearSettled, takeOff } from './queue.js';
import { tally, trayOpen, uploads } from './uploads.js';

/** @typedef {import('./uploads.js').Upload} Upload */
/** @typedef {import('./uploads.js').Status} Status */

/** Rows that are drawn; of thousands of files, those that something happens to come first. */
const most = 60;
const order = { sending: 0, enriching: 0, failed: 1, refused: 1, waiting: 2, partly: 3, ready: 3, gone: 3 };

/** What was added since the page was opened, with how far each file is. */
export function Tray() {
  const all = uploads.value;
  if (all.length === 0 || !trayOpen.value) return null;
  const rows = [...all].sort((a, b) => order[a.status.value] - order[b.status.value] || a.key - b.key).slice(0, most);
  const { total, settled, bad, gone, progress } = tally.value;
  const busy = settled < total;
  const here = settled - bad - gone;
  const lost = [bad > 0 && `${count(bad)} not taken`, gone > 0 && `${count(gone)} deleted`].filter(Boolean).join(', ');
  return html`<section class="tray" aria-label="Added files">
    <header>
      <h2>${busy ? `Adding ${counted(total, 'file')}` : counted(here, 'file') + ' added'}</h2>
      <p class="soft">
        ${[busy && `${count(here)} of ${count(total)} ready`, lost || (!busy && 'all searchable now')].filter(Boolean).join(', ')}
      </p>
      ${!busy && html`<button type="button" class="quiet small" onClick=${clearSettled}>Clear</button>`}
      <button type="button" class="quiet square" aria-label="Hide the list" onClick=${() => (trayOpen.value = false)}>
        <${Icon} name="down" />
      </button>
    </header>
    <progress max="1" value=${progress} aria-label="All files together"></progress>
    <ul>
      ${rows.map((upload) => html`<${Row} key=${upload.key} upload=${upload} />`)}
      ${all.length > most && html`<li class="soft rest">and ${count(all.length - most)} more</li>`}
    </ul>
  </section>`;
}

/** @param {{ upload: Upload }} props */
function Row({ upload }) {
  const { file } = upload;
  const card = upload.card.value;
  const status = upload.status.value;
  const picture = card?.files[0]?.url;
  const blur = blurOf(card?.hash);
  const name = html`<span class="value">${file.name}</span>`;
  return html`<li class="upload" data-status=${status}>
    <span class="thumb" style=${blur ? { backgroundImage: `url(${blur})` } : {}}>
      ${
        picture && (status === 'ready' || status === 'partly')
          ? html`<img alt="" src=${picture} />`
          : html`<${Icon} name=${file.type.startsWith('video/') ? 'film' : 'picture'} />`
      }
    </span>
    <div class="upload-body">
      <p class="upload-name">${card ? html`<a href=${assetHref(card.id)}>${name}</a>` : name}</p>
      <p class="soft">${wordsOf(upload)}</p>
      <${Stages} upload=${upload} />
    </div>
    ${
      (status === 'failed' || status === 'refused') &&
      html`<button
        type="button"
        class="quiet square"
        aria-label=${`Try ${file.name} again`}
        title="Try again"
        onClick=${() => again(upload)}
      >
        <${Icon} name="replay" size="16" />
      </button>`
    }
    ${
      status !== 'enriching' &&
      html`<button
        type="button"
        class="quiet square"
        aria-label=${`Take ${file.name} off the list`}
        onClick=${() => takeOff(upload)}
      >
        <${Icon} name="close" size="15" />
      </button>`
    }
  </li>`;
}

/** @param {Upload} upload */
function wordsOf(upload) {
  const { file, share, stages, reason, known } = upload;
  const running = stages.value.filter(({ status }) => status === 'running').map(({ enricher }) => titleOf(enricher));
  switch (upload.status.value) {
    case 'waiting':
      return `${bytes(file.size)}, waiting`;
    case 'sending':
      return `${bytes(file.size * share.value)} of ${bytes(file.size)}`;
    case 'enriching':
      return running.length > 0 ? running.join(', ') : 'Waiting for enrichers';
    case 'ready':
      return known.value ? 'It was here already' : 'Ready';
    case 'partly':
      return 'Here, but not every enricher could do its work';
    case 'gone':
      return 'It was deleted meanwhile';
    default:
      return reason.value;
  }
}

const stageWords = { pending: 'to do', running: 'under way', done: 'done', failed: 'not done' };

/** A pane for the bytes and one for each enricher, which fill as they are done. @param {{ upload: Upload }} props */
function Stages({ upload }) {
  const status = upload.status.value;
  const { stages, share } = upload;
  if (/** @type {readonly Status[]} */ (['waiting', 'gone', 'refused', 'failed']).includes(status)) return null;
  const panes = [
    { title: 'Sent', status: share.value === 1 ? 'done' : 'running', share: share.value },
    ...stages.value.map((stage) => ({ ...stage, title: titleOf(stage.enricher) })),
  ];
  return html`<ol class="stages" aria-label="Stages">
    ${panes.map(
      (pane) =>
        html`<li
          key=${pane.title}
          data-status=${pane.status}
          style=${{ '--share': pane.share }}
          title=${`${pane.title}: ${stageWords[/** @type {keyof typeof stageWords} */ (pane.status)]}`}
        >
          <span class="unseen">${pane.title}: ${stageWords[/** @type {keyof typeof stageWords} */ (pane.status)]}</span>
        </li>`,
    )}
  </ol>`;
}
