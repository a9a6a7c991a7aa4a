// @ts-check
import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { hrefOf } from '../address.js';
import { titleOf } from '../enrichers.js';
import { Combobox } from '../parts/combobox.js';
import { Icon } from '../parts/icon.js';
import { say, sayError } from '../parts/notices.js';
import { showTag, suggestTags } from '../parts/tag-suggestions.js';
import { send } from '../server.js';
import { ago } from '../words.js';
import { BesideTags } from './values.js';

/** @typedef {import('../types.d.ts').AssetTag} AssetTag */
/** @typedef {import('../types.d.ts').Suggestion} Suggestion */

/** Who says so, how surely and since when. @param {AssetTag} tag */
function provenance({ source, confidence, at }) {
  if (source === 'person') return `Given by a person, ${ago(at)}`;
  const sure = confidence === undefined ? '' : `, ${Math.round(confidence * 100)} % sure`;
  return `Seen by ${titleOf(source)}${sure}, ${ago(at)}`;
}

/** How sure an enricher is, where it is not quite. @param {{ tag: AssetTag }} props */
function Sure({ tag: { source, confidence = 1 } }) {
  if (source === 'person' || confidence === 1) return null;
  return html`<span class="sure" aria-hidden="true">${Math.round(confidence * 100)}</span>`;
}

/** What is to be seen, by whose word; people add and take away. @param {{ opened: import('./opened.js').Opened }} props */
export function Tags({ opened }) {
  const [text, setText] = useState('');
  const tags = opened.tags.value;
  const asset = opened.asset.value;
  const path = `/api/assets/${opened.id}/tags`;

  /** @param {'PUT' | 'DELETE'} method @param {string} name */
  async function change(method, name) {
    try {
      opened.tags.value = (await send(method, `${path}/${encodeURIComponent(name)}`)).items;
      if (method === 'DELETE') say(`“${name}” is taken off.`, { undo: { label: 'Undo', act: () => change('PUT', name) } });
    } catch (error) {
      sayError(error);
    }
  }
  function add(/** @type {string} */ typed) {
    const name = typed.trim();
    if (name === '') return;
    setText('');
    void change('PUT', name);
  }

  return html`<section aria-label="Tags">
    <h2>Tags</h2>
    <ul class="tags">
      ${tags.map(
        (tag) =>
          html`<li
            key=${tag.name}
            class="tag"
            data-source=${tag.source === 'person' ? 'person' : 'enricher'}
            title=${provenance(tag)}
          >
            <a href=${hrefOf('/', { tags: tag.name })}>
              <${Icon} name=${tag.source === 'person' ? 'person' : 'spark'} size="13" />${tag.name}<span class="unseen"
                >. ${provenance(tag)}</span
              >
            </a>
            <${Sure} tag=${tag} />
            <button type="button" class="quiet" aria-label=${`Take off ${tag.name}`} onClick=${() => change('DELETE', tag.name)}>
              <${Icon} name="close" size="12" />
            </button>
          </li>`,
      )}
      <li class="tag-add">
        <${Combobox}
          id="add-tag"
          label="Add a tag"
          placeholder="Add a tag"
          maxLength=${100}
          value=${text}
          onValue=${(/** @type {string} */ value) => {
            // A comma ends a tag: people type several in a row.
            if (value.endsWith(',')) add(value.slice(0, -1));
            else setText(value);
          }}
          suggest=${(/** @type {string} */ q) => suggestTags({ q, for: opened.id })}
          show=${showTag}
          onPick=${(/** @type {Suggestion} */ { name }) => add(name)}
          onEnter=${add}
        />
      </li>
    </ul>
    ${asset && html`<${BesideTags} asset=${asset} />`}
  </section>`;
}
