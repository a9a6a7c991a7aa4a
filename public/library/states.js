// @ts-check
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { go, hrefOf, params, searchHref } from '../address.js';
import { fields } from '../enrichers.js';
import { Icon } from '../parts/icon.js';
import { read } from '../server.js';
import { chooseFiles } from '../upload/choose.js';
import { counted } from '../words.js';
import { kept } from './behind.js';
import { found, search } from './found.js';

/** What the library says where it has no pictures to show. */

/** Nothing has been taken in yet: what this is, and how to begin. */
export function Empty() {
  return html`<section class="state empty">
    <${Glass} />
    <h1>A collection that knows what is in it</h1>
    <p>
      Put pictures and videos in once. Vitrail looks at each: its colours, what is to be seen, how well it is taken, what looks
      like it. Everything it finds is searchable a moment later, and stays on this machine.
    </p>
    <p class="actions">
      <button type="button" class="primary" onClick=${() => chooseFiles('files')}><${Icon} name="upload" />Add pictures</button>
      <button type="button" onClick=${() => chooseFiles('folder')}><${Icon} name="folder" />Add a folder</button>
    </p>
    <p class="soft">or drop them anywhere on this page</p>
    <ol class="steps">
      <li><${Icon} name="upload" /><b>You add</b> JPEG, PNG, WebP, GIF, AVIF, TIFF and most videos. The originals are kept as they are.</li>
      <li><${Icon} name="spark" /><b>Enrichers look</b> Each is a plugin that finds one thing: colours, tags, quality, camera data, frames of a video.</li>
      <li><${Icon} name="search" /><b>You find</b> By words, colours and anything they found. What you say yourself always goes first.</li>
    </ol>
  </section>`;
}

/** All is kept, and nothing can be found yet. */
export function Behind() {
  const many = kept.value ?? 0;
  return html`<section class="state" role="status">
    <${Icon} name="search" size="28" />
    <h2>The index is being made</h2>
    <p>${counted(many, 'item')} ${many === 1 ? 'is' : 'are'} kept here, and will appear as the index takes ${many === 1 ? 'it' : 'them'} up.</p>
  </section>`;
}

/** Panes of a window: what comes in as light. */
function Glass() {
  return html`<svg class="glass" viewBox="0 0 120 84" aria-hidden="true">
    <path d="M4 4h40v34L4 56z" class="a" />
    <path d="M48 4h32l12 40-44-8z" class="b" />
    <path d="M84 4h32v52l-20-12z" class="c" />
    <path d="M4 60l40-18 4 38H4z" class="d" />
    <path d="M48 40l44 8 24 14v18H52z" class="e" />
  </svg>`;
}

/** Nothing fits what is searched for. */
export function Nothing() {
  const panel = params.value.get('panel') ?? undefined;
  const q = params.value.get('q');
  return html`<section class="state">
    <${Icon} name="search" size="28" />
    <h2>Nothing fits ${q ? `“${q}”` : 'all of this'}</h2>
    <p>
      ${q ? 'Words are looked for in titles, tags, file names and what enrichers see.' : 'Take one of the filters off, or begin anew.'}
    </p>
    <p class="actions"><button type="button" onClick=${() => go(hrefOf('/', { panel }))}>Show everything</button></p>
  </section>`;
}

/** @param {{ error: import('../server.js').ServerError, title?: string, retry?: () => unknown }} props */
export function Trouble({ error, title = error.title, retry = search }) {
  const isOurs = error.status >= 500 || error.status === 0;
  return html`<section class="state" role="alert">
    <${Icon} name="warn" size="28" />
    <h2>${title}</h2>
    <p>${error.message}</p>
    <p class="actions">
      ${
        isOurs || error.status === 429
          ? html`<button type="button" onClick=${() => retry()}><${Icon} name="replay" />Try again</button>`
          : html`<a class="button" href="/">Show everything</a>`
      }
    </p>
  </section>`;
}

const known = 'vitrail-introduced';

/** For who comes here for the first time: what the pictures in front of them can do. */
export function Introduction() {
  const [shown, setShown] = useState(localStorage.getItem(known) === null);
  const [tags, setTags] = useState(/** @type {string[]} */ ([]));
  const total = found.value.total.value;
  useEffect(() => {
    if (shown && total)
      read('/api/tags?limit=12').then(
        ({ items }) => setTags(items.map((/** @type {{ name: string }} */ { name }) => name)),
        () => undefined,
      );
  }, [shown, total]);
  if (!shown) return null;
  const dismiss = () => {
    localStorage.setItem(known, 'yes');
    setShown(false);
  };
  // Shapes are tags as well, and say nothing of what is to be seen.
  const worth = tags.filter((tag) => !/^(\d+:\d+|landscape|portrait|square)$/.test(tag)).slice(0, 4);
  return html`<aside class="introduction" aria-label="What this is">
    <p>
      <b>Everything here has been looked at:</b> its colours, what is to be seen in it, how well it is taken, what looks like it. Search by any of that.
    </p>
    <p class="tries">
      <span class="soft">Try</span>
      ${worth.map((tag) => html`<a class="chip" key=${tag} href=${searchHref({ tags: tag })}>${tag}</a>`)}
      <a class="chip" href=${searchHref({ colors: '#e8a33d' })}><span class="dot" style=${{ backgroundColor: '#e8a33d' }}></span>amber</a>
      ${fields.value.has('quality.score') && html`<a class="chip" href=${searchHref({ sort: '-quality.score' })}>best quality first</a>`}
    </p>
    <button type="button" class="quiet square" aria-label="Do not show this again" onClick=${dismiss}>
      <${Icon} name="close" size="16" />
    </button>
  </aside>`;
}
