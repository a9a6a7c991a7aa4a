// @ts-check
import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { go, params, route, searchHref } from '../address.js';
import { Combobox } from '../parts/combobox.js';
import { Icon } from '../parts/icon.js';
import { showTag, suggestTags } from '../parts/tag-suggestions.js';
import { toggled } from './wish.js';

/** @typedef {import('../types.d.ts').Suggestion} Suggestion */

/** Words to search by, searched for as they are typed; tags that fit are offered. */
export function SearchField() {
  const asked = params.value.get('q') ?? '';
  const [text, setText] = useState(asked);
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  const typing = useRef(false);
  useEffect(() => {
    if (!typing.current) setText(asked);
  }, [asked]);

  /** @param {string} q @param {Record<string, string | undefined>} [more] */
  function search(q, more = {}) {
    clearTimeout(timer.current);
    typing.current = false;
    // What is typed is one step of the way back, not one a letter.
    go(searchHref({ q: q || undefined, ...more }), {
      replace: route.value.view === 'library' && params.value.has('q') && q !== '',
    });
  }
  function onValue(/** @type {string} */ value) {
    setText(value);
    typing.current = true;
    clearTimeout(timer.current);
    // A single letter is the beginning of everything: the server looks for beginnings from two on.
    if (value.trim().length !== 1) timer.current = setTimeout(() => search(value.trim()), 200);
  }

  function clear() {
    setText('');
    search('');
  }

  return html`<form role="search" class="search" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
    <${Icon} name="search" />
    <${Combobox}
      id="search"
      label="Search in titles, tags, names and what is seen"
      placeholder="Search"
      value=${text}
      onValue=${onValue}
      suggest=${async (/** @type {string} */ q) => (q ? suggestTags({ q }) : [])}
      show=${showTag}
      onPick=${(/** @type {Suggestion} */ { name }) => {
        setText('');
        const tags = params.value.get('tags');
        search('', { tags: (tags ?? '').split(',').includes(name) ? (tags ?? undefined) : toggled(tags, name) });
      }}
      onEnter=${(/** @type {string} */ value) => search(value)}
    />
    ${
      text &&
      html`<button type="button" class="quiet square" aria-label="Clear the words" onClick=${clear}><${Icon} name="close" size="15" /></button>`
    }
  </form>`;
}
