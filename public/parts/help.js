// @ts-check
import { html } from 'htm/preact';
import { helpOpen, keys } from '../keys.js';
import { Dialog } from './dialog.js';

/** What this is, and the keys. */
export function Help() {
  if (!helpOpen.value) return null;
  return html`<${Dialog} title="About Vitrail" class="help" onClose=${() => (helpOpen.value = false)}>
    <p>
      Pictures and videos go in once. Plugins, called enrichers, turn each into smaller sizes, colours, a quality score, tags and whatever else
      somebody writes a plugin for; everything they find can be searched. What a person says goes before what a plugin says, and stays.
    </p>
    <h3>Keys</h3>
    <dl class="keys">${keys.map(
      ([key = '', what]) =>
        html`<div key=${key}>
          <dt>${key.split(' ').map((one) => html`<kbd>${one.replace(',', '')}</kbd>`)}</dt>
          <dd>${what}</dd>
        </div>`,
    )}</dl>
    <h3>For programs</h3>
    <p>
      Everything here is done through a JSON API, which you can use as well: <a href="/api/docs" target="_blank" rel="noopener">what there is, to try out</a>.
    </p>
  </${Dialog}>`;
}
