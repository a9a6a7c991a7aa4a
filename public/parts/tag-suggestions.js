// @ts-check
import { html } from 'htm/preact';
import { read } from '../server.js';
import { count } from '../words.js';

/** @typedef {import('../types.d.ts').Suggestion} Suggestion */

/** Tags that fit what is typed; for an asset those that go with its own. @param {{ q?: string, for?: string }} wish @returns {Promise<Suggestion[]>} */
export async function suggestTags(wish) {
  const entries = Object.entries(wish).filter(([, value]) => value !== '');
  return (await read(`/api/tags/suggest?${new URLSearchParams([...entries, ['limit', '6']])}`)).items;
}

/** @param {Suggestion} suggestion */
export const showTag = ({ name, count: many }) =>
  html`<span class="hash">#</span><span class="value">${name}</span><span class="count">${count(many)}</span>`;
