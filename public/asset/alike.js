// @ts-check
import { html } from 'htm/preact';
import { assetHref } from '../address.js';
import { blurOf, cardOf } from '../library/card.js';

/** What looks like it, nearest first. @param {{ opened: import('./opened.js').Opened }} props */
export function Alike({ opened }) {
  const items = opened.alike.value;
  if (items?.length === 0) return null;
  return html`<section aria-label="Looks like it">
    <h2>Looks like it</h2>
    <ul class="alike">
      ${(items ?? []).map(({ asset, why }) => {
        const card = cardOf(asset);
        const blur = blurOf(card.hash);
        // The smallest that is sharp on a small square.
        const file = card.files.find(({ width }) => width >= 300) ?? card.files.at(-1);
        return html`<li key=${card.id}>
          <a
            href=${assetHref(card.id)}
            title=${card.label}
            aria-label=${`${card.label}${why === 'same-picture' ? ', the same picture' : ''}`}
            style=${blur ? { backgroundImage: `url(${blur})` } : { backgroundColor: card.color }}
          >
            ${file && html`<img alt="" loading="lazy" decoding="async" src=${file.url} />`}
            ${why === 'same-picture' && html`<span class="same">same picture</span>`}
          </a>
        </li>`;
      })}
      ${items === undefined && Array.from({ length: 4 }, (_, index) => html`<li key=${index} class="blank"></li>`)}
    </ul>
  </section>`;
}
