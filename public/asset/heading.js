// @ts-check
import { html } from 'htm/preact';
import { hrefOf } from '../address.js';
import { Icon } from '../parts/icon.js';
import { sayError } from '../parts/notices.js';
import { send } from '../server.js';
import { bytes, clock, day, kind, moment } from '../words.js';

/** @typedef {import('../types.d.ts').Asset} Asset */

/** What a person says of it, and what every file has. @param {{ opened: import('./opened.js').Opened, asset: Asset }} props */
export function Heading({ opened, asset }) {
  const { title, description, filename, type, width, height, durationMs, createdAt, rating = 0, state } = asset;

  /** @param {{ title?: string | null, description?: string | null, rating?: number | null }} change */
  async function edit(change) {
    try {
      opened.asset.value = await send('PATCH', opened.path, change);
    } catch (error) {
      sayError(error);
      await opened.read();
    }
  }
  /** @param {'title' | 'description'} name */
  const field = (name) => ({
    onChange: (/** @type {Event} */ { currentTarget }) =>
      void edit({ [name]: /** @type {HTMLInputElement} */ (currentTarget).value.trim() || null }),
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      event.stopPropagation();
      if (event.key === 'Escape' || (event.key === 'Enter' && name === 'title'))
        /** @type {HTMLElement} */ (event.currentTarget).blur();
    },
  });

  const facts = [`${width} × ${height}`, ...(durationMs === undefined ? [] : [clock(durationMs)]), bytes(asset.bytes)];
  return html`<section class="heading">
    <h1 class="unseen">${title || filename}</h1>
    <input class="title" aria-label="Title" maxlength="500" placeholder=${filename} value=${title ?? ''} ...${field('title')} />
    <textarea
      class="description"
      aria-label="Description"
      rows="1"
      maxlength="10000"
      placeholder="Add a description"
      value=${description ?? ''}
      ...${field('description')}
    ></textarea>
    <p class="facts">
      <a href=${hrefOf('/', { type })}>${kind(type)}</a>${facts.map((fact) => html`<span key=${fact}>${fact}</span>`)}<time
        datetime=${createdAt}
        title=${moment(createdAt)}
        >${day(createdAt)}</time
      >
    </p>
    ${title && html`<p class="facts filename">${filename}</p>`}
    <div class="stars" role="radiogroup" aria-label="Your rating">
      ${[1, 2, 3, 4, 5].map(
        (stars) =>
          html`<button
            type="button"
            key=${stars}
            class="quiet"
            role="radio"
            aria-checked=${rating === stars}
            aria-label=${`${stars} ${stars === 1 ? 'star' : 'stars'}`}
            data-on=${stars <= rating}
            onClick=${() => edit({ rating: stars === rating ? null : stars })}
          >
            <${Icon} name="star" size="17" filled=${stars <= rating} />
          </button>`,
      )}
    </div>
    ${
      state !== 'ready' &&
      html`<p class="asset-state" data-state=${state}>
        ${state === 'processing' ? 'Enrichers are at work on it.' : 'Not every enricher could do its work: the history below says why.'}
      </p>`
    }
  </section>`;
}
