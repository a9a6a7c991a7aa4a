// @ts-check
import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { assetHref } from '../address.js';
import { Icon } from '../parts/icon.js';
import { clock } from '../words.js';
import { blurOf, srcset } from './card.js';
import { flying } from './flight.js';

/** @typedef {import('./card.js').Card} Card */
/** @typedef {{ left: number, top: number, width: number, height: number, index: number }} Place */

/**
 * A picture in its place in the grid: its colours at once, itself when it has come.
 * @param {{ card: Card | undefined, place: Place, total: number, current: boolean }} props
 */
export function Picture({ card, place, total, current }) {
  const { left, top, width, height, index } = place;
  const style = { transform: `translate(${left}px, ${top}px)`, width: `${width}px`, height: `${height}px` };
  if (!card) return html`<li class="tile" style=${style} aria-hidden="true"></li>`;
  const blur = blurOf(card.hash);
  const ground = { backgroundColor: card.color, ...(blur && { backgroundImage: `url(${blur})` }) };
  return html`<li class="tile" style=${style} aria-setsize=${total} aria-posinset=${index + 1}>
    <a
      href=${assetHref(card.id)}
      style=${ground}
      data-index=${index}
      tabindex=${current ? 0 : -1}
      aria-label=${[card.label, card.durationMs === undefined ? '' : `video, ${clock(card.durationMs)}`, stateWords[card.state]].filter(Boolean).join(', ')}
    >
      <${Image} card=${card} width=${width} />
      ${card.durationMs !== undefined && html`<span class="duration"><${Icon} name="play" size="10" />${clock(card.durationMs)}</span>`}
      ${card.state === 'processing' && html`<span class="badge busy" title="Enrichers are at work on it"></span>`}
      ${card.state === 'degraded' && html`<span class="badge partly" title="Not every enricher could do its work"></span>`}
      <span class="name" aria-hidden="true">${card.label}</span>
    </a>
  </li>`;
}

const stateWords = { processing: 'being enriched', ready: '', degraded: 'partly enriched' };

/** @param {{ card: Card, width: number }} props */
function Image({ card, width }) {
  const [here, setHere] = useState(false);
  const [moving, setMoving] = useState(false);
  const [broken, setBroken] = useState('');
  const image = useRef(/** @type {HTMLImageElement | null} */ (null));
  const { files } = card;
  const file = files[0]?.url ?? '';
  // What is on its way to a picture that is no longer drawn is not waited for.
  useEffect(() => () => image.current?.removeAttribute('srcset'), []);
  if (file === '' || broken === file)
    return html`<span class="nothing"><${Icon} name=${card.durationMs === undefined ? 'picture' : 'film'} /><span class="value">${card.label}</span></span>`;
  // In a flight over the library its colours are enough.
  if (flying.value && !here) return null;
  return html`<img
      ref=${image}
      class=${here ? 'here' : ''}
      alt=""
      decoding="async"
      draggable=${false}
      sizes=${`${Math.ceil(width)}px`}
      srcset=${srcset(files)}
      onLoad=${() => setHere(true)}
      onError=${() => setBroken(file)}
      onPointerEnter=${() => card.moving && setMoving(true)}
    />
    ${moving && card.moving && html`<img class="moving here" alt="" src=${card.moving} onPointerLeave=${() => setMoving(false)} />`}`;
}
