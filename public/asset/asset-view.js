// @ts-check
import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { assetHref, go, hrefOf, query } from '../address.js';
import { found } from '../library/found.js';
import { nameOf } from '../library/card.js';
import { Trouble } from '../library/states.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icon.js';
import { say, sayError } from '../parts/notices.js';
import { isTyping } from '../keys.js';
import { send, ServerError } from '../server.js';
import { Alike } from './alike.js';
import { Files } from './files.js';
import { Heading } from './heading.js';
import { Ledger } from './ledger.js';
import { Opened } from './opened.js';
import { Palette } from './palette.js';
import { Stage } from './stage.js';
import { Tags } from './tags.js';
import { Values } from './values.js';

const libraryHref = () => hrefOf('/', new URLSearchParams(query.value));

/** One asset, over the library that it was opened from. @param {{ id: string }} props */
export function AssetView({ id }) {
  const opened = useMemo(() => new Opened(id), [id]);
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  const { before, after } = neighbours(id);
  useEffect(() => opened.open(), [opened]);
  useEffect(() => {
    panel.current?.scrollTo({ top: 0 });
    panel.current?.focus({ preventScroll: true });
  }, [id]);
  // Before it is painted: keys mean what is seen.
  useLayoutEffect(() => {
    /** @param {KeyboardEvent} event */
    function onKey(event) {
      if (event.defaultPrevented || isTyping(event) || document.querySelector('dialog[open]')) return;
      const to = { Escape: libraryHref(), ArrowLeft: before, ArrowRight: after }[event.key];
      if (to) go(to, { replace: event.key !== 'Escape' });
      if (event.key === 't') {
        event.preventDefault();
        document.getElementById('add-tag')?.focus();
      }
    }
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [before, after]);

  const asset = opened.asset.value;
  const error = opened.gone.value
    ? new ServerError({ status: 404, title: 'It has been deleted', detail: 'The asset and its files are gone.' })
    : opened.error.value;
  useEffect(() => {
    if (asset) document.title = `${nameOf(asset)} – Vitrail`;
  }, [asset]);
  if (error && (opened.gone.value || !asset))
    return html`<main class="asset none" id="main" tabindex="-1" ref=${panel}>
      <${Back} />
      <${Trouble} error=${error} retry=${() => opened.read()} />
    </main>`;
  return html`<main class="asset" id="main" tabindex="-1" ref=${panel}>
    <div class="asset-stage" style=${asset ? { '--ratio': asset.width / asset.height } : {}} ...${swipes(before, after)}>
      <${Back} />
      ${asset && html`<${Stage} asset=${asset} />`}
      ${before && html`<a class="button square turn before" href=${before} aria-label="The one before" title="Before (←)"><${Icon} name="left" /></a>`}
      ${after && html`<a class="button square turn after" href=${after} aria-label="The next one" title="Next (→)"><${Icon} name="right" /></a>`}
    </div>
    <div class="asset-panel">
      ${
        asset &&
        html`<${Heading} key=${`heading ${id}`} opened=${opened} asset=${asset} />
        <${Tags} key=${`tags ${id}`} opened=${opened} />
        <${Palette} asset=${asset} />
        <${Values} asset=${asset} />
        <${Alike} opened=${opened} />
        <${Files} asset=${asset} />
        <${Ledger} key=${`ledger ${id}`} opened=${opened} />
        <${Deletion} opened=${opened} />`
      }
    </div>
  </main>`;
}

const Back = () =>
  html`<a class="button quiet square back" href=${libraryHref()} aria-label="Back to the library" title="Back (Esc)"><${Icon} name="back" /></a>`;

/** A finger that moves sideways turns to the one beside. @param {string | undefined} before @param {string | undefined} after */
function swipes(before, after) {
  /** @type {Touch | undefined} */
  let from;
  return {
    onTouchStart: (/** @type {TouchEvent} */ { touches }) => (from = touches.length === 1 ? touches[0] : undefined),
    onTouchEnd: (/** @type {TouchEvent} */ { changedTouches, target }) => {
      const to = changedTouches[0];
      if (!from || !to || (target instanceof Element && target.closest('.strip, video, .close'))) return;
      const [x, y] = [to.clientX - from.clientX, to.clientY - from.clientY];
      const href = x > 0 ? before : after;
      if (href && Math.abs(x) > 60 && Math.abs(y) < Math.abs(x) / 2) go(href, { replace: true });
    },
  };
}

/** Those beside it in what was searched for; the next page comes before it is reached. @param {string} id */
function neighbours(id) {
  const results = found.value;
  void results.version.value;
  const index = results.indexOf(id);
  if (index < 0) return { before: undefined, after: undefined };
  if (index + 5 > results.ratios.length) void results.more();
  const href = (/** @type {number} */ at) => {
    const card = results.at(at);
    return card && assetHref(card.id);
  };
  return { before: index > 0 ? href(index - 1) : undefined, after: href(index + 1) };
}

/** @param {{ opened: Opened }} props */
function Deletion({ opened }) {
  const [asking, setAsking] = useState(false);
  async function remove() {
    try {
      await send('DELETE', opened.path);
      say('It is deleted.');
      go(libraryHref(), { replace: true });
    } catch (error) {
      sayError(error);
    }
  }
  return html`<section class="deletion">
    <button type="button" class="quiet bad" onClick=${() => setAsking(true)}><${Icon} name="trash" size="16" />Delete</button>
    ${
      asking &&
      html`<${Dialog} title="Delete it for good?" onClose=${() => setAsking(false)}>
      <p>The original, everything made of it and its history go. Nothing brings them back.</p>
      <form method="dialog" class="actions"><button>Keep it</button><button type="button" class="primary bad" onClick=${remove}>Delete</button></form>
    </${Dialog}>`
    }
  </section>`;
}
