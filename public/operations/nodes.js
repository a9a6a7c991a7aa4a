// @ts-check
import { html } from 'htm/preact';
import { enrichers } from '../enrichers.js';
import { ago, count, counted } from '../words.js';
import { nodes } from './watch.js';

/** @typedef {import('../types.d.ts').MeshNode} MeshNode */

const roleWords = {
  all: 'does everything',
  edge: 'serves',
  core: 'keeps records and plans',
  worker: 'enriches',
  ops: 'is a console',
};

/** The processes that make up this Vitrail. They find each other. */
export function Nodes() {
  const all = nodes.value;
  return html`<section aria-label="Nodes">
    <h2>Nodes</h2>
    <ul class="nodes">
      ${all ? all.map((node) => html`<${Node} key=${node.id} node=${node} />`) : html`<li class="card blank"></li>`}
    </ul>
  </section>`;
}

/** @param {{ node: MeshNode }} props */
function Node({ node: { id, role, version, services, load, slots, since, available, notes } }) {
  const hosted = services.filter((name) => name.startsWith('enricher.')).map((name) => name.slice('enricher.'.length));
  const others = services.filter((name) => !name.startsWith('enricher.'));
  const runs = enrichers.value.flatMap(({ hosts }) => hosts).filter(({ node }) => node === id);
  const busy = runs.reduce((sum, { running, waiting }) => sum + running + waiting, 0);
  return html`<li class="card node" data-available=${available}>
    <p class="node-name">
      <span class="status" data-status=${available ? 'done' : 'unavailable'}></span><b>${id}</b><span class="pill">${role}</span>
    </p>
    <p class="soft">
      ${available ? `${roleWords[/** @type {keyof typeof roleWords} */ (role)] ?? ''}; started ${ago(since)}` : 'has gone'}; Vitrail ${version}
    </p>
    <div class="load">
      <span class="soft">Load</span
      ><meter min="0" max="100" high="90" value=${load ?? 0} aria-label="Use of its processors"></meter
      ><span>${load === null ? '–' : `${count(Math.round(load))} %`}</span>
    </div>
    <p class="soft">
      ${[slots > 0 && counted(slots, 'child process', 'child processes'), busy > 0 && `${counted(busy, 'run')} under way`].filter(Boolean).join(', ')}
    </p>
    ${
      notes.length > 0 &&
      html`<ul class="node-notes">
        ${notes.map((note) => html`<li key=${note}>${note}</li>`)}
      </ul>`
    }
    <details>
      <summary>${counted(others.length, 'service')}, ${counted(hosted.length, 'enricher')}</summary>
      <p class="soft">${[...others, ...hosted].join(', ')}</p>
    </details>
  </li>`;
}
