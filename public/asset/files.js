// @ts-check
import { html } from 'htm/preact';
import { Icon } from '../parts/icon.js';
import { bytes, kind } from '../words.js';

/** @typedef {import('../types.d.ts').Asset} Asset */

/** The original and what was made of it, each to open or to take along; the server says under which name. @param {{ asset: Asset }} props */
export function Files({ asset }) {
  const { id, type, width, height, variants } = asset;
  const files = [{ name: 'Original', url: `/media/${id}`, type, width, height, bytes: asset.bytes }, ...variants];
  return html`<section aria-label="Files">
    <h2>Files</h2>
    <ul class="files">
      ${files.map(
        (file) =>
          html`<li key=${file.url}>
            <a class="value" href=${file.url} target="_blank" rel="noopener">${file.name}</a>
            <span class="soft">${file.width ? `${file.width} × ${file.height}` : ''}</span>
            <span class="soft">${kind(file.type)}</span>
            <span class="soft number">${bytes(file.bytes)}</span>
            <a
              class="button quiet square"
              href=${file.url}
              download
              aria-label=${`Download ${file.name}`}
              title="Download"
              ><${Icon} name="download" size="16"
            /></a>
          </li>`,
      )}
    </ul>
  </section>`;
}
