// @ts-check
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { blurOf, nameOf, srcset, stillsOf } from '../library/card.js';
import { Video } from './video.js';

/** @typedef {import('../types.d.ts').Asset} Asset */

/** The picture or video itself, as large as there is room. @param {{ asset: Asset }} props */
export function Stage({ asset }) {
  const { thumbhash } = asset.enrichments['placeholder'] ?? {};
  const blur = blurOf(typeof thumbhash === 'string' ? thumbhash : undefined);
  const ground = blur ? { backgroundImage: `url(${blur})` } : {};
  const frame = { '--ratio': asset.width / asset.height, '--width': `${asset.width}px` };
  if (asset.type.startsWith('video/')) return html`<${Video} asset=${asset} frame=${frame} />`;
  return html`<${Still} key=${asset.id} asset=${asset} frame=${{ ...frame, ...ground }} />`;
}

/** @param {{ asset: Asset, frame: Record<string, string | number> }} props */
function Still({ asset, frame }) {
  const [here, setHere] = useState(false);
  const [close, setClose] = useState(false);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    if (!close) return;
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      setClose(false);
    };
    // Before the view that would close itself.
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, [close]);
  const stills = stillsOf(asset);
  const original = `/media/${asset.id}`;
  const largest = stills.at(-1);
  const canZoom = asset.width > 600;
  const alt = asset.description || nameOf(asset);
  if (broken)
    return html`<div class="stage-nothing">
      <${Icon} name="picture" size="32" />
      <strong>${nameOf(asset)} cannot be shown</strong>
      <span>Its bytes are kept as they came; the history says what is wrong with them.</span>
    </div>`;
  if (close)
    return html`<button type="button" class="still close" aria-label="Show the whole picture" onClick=${() => setClose(false)}>
      <img alt=${alt} src=${original} width=${asset.width} height=${asset.height} />
    </button>`;
  const files = largest
    ? { srcset: srcset(stills), sizes: '(max-width: 900px) 100vw, calc(100vw - 528px)', src: largest.url }
    : { src: `${original}?w=1280` };
  return html`<button
    type="button"
    class="still"
    aria-label=${`${alt}. Show it in full size`}
    disabled=${!canZoom}
    onClick=${() => setClose(true)}
  >
    <span class="still-frame" style=${frame}>
      <img class=${here ? 'here' : ''} alt=${alt} decoding="async" onLoad=${() => setHere(true)} onError=${() => setBroken(true)} ...${files} />
    </span>
  </button>`;
}
