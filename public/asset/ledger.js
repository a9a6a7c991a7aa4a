// @ts-check
import { html } from 'htm/preact';
import { titleOf } from '../enrichers.js';
import { Icon } from '../parts/icon.js';
import { useReplay } from '../parts/replay.js';
import { Status } from '../parts/status.js';
import { ago, moment, took } from '../words.js';

/** @typedef {import('../types.d.ts').Enrichment} Enrichment */

/** What each enricher did with it, at which attempt, and why not. @param {{ opened: import('./opened.js').Opened }} props */
export function Ledger({ opened }) {
  const rows = opened.ledger.value;
  return html`<section aria-label="History">
    <h2>History</h2>
    <ul class="ledger">
      ${rows.map((row) => html`<${Row} key=${row.enricher} row=${row} opened=${opened} />`)}
    </ul>
  </section>`;
}

/** @param {{ row: Enrichment, opened: import('./opened.js').Opened }} props */
function Row({ row, opened }) {
  const [asked, replay] = useReplay(row, () => opened.read());
  const { enricher, status, attempts, error, stale, startedAt, finishedAt, dueAt, durationMs, node, fingerprint, outputs } = row;
  const title = titleOf(enricher);
  const busy = asked || status === 'running';

  const facts = [
    ['Attempts', attempts > 0 ? String(attempts) : undefined],
    ['Due', dueAt && moment(dueAt)],
    ['Started', startedAt && moment(startedAt)],
    ['Finished', finishedAt && moment(finishedAt)],
    ['Node', node],
    ['Fingerprint', fingerprint],
  ];
  return html`<li>
    <details>
      <summary>
        <${Status} status=${status} />
        <span class="value">${title}</span>
        ${stale && html`<span class="pill" title="Today's enricher would give another result">old</span>`}
        ${attempts > 1 && html`<span class="soft">attempt ${attempts}</span>`}
        <span class="soft when"
          >${status === 'done' && durationMs !== undefined ? took(durationMs) : finishedAt ? ago(finishedAt) : ''}</span
        >
      </summary>
      ${error && html`<p class="failure"><b>${error.class}</b> ${error.message}</p>`}
      <dl class="values">
        ${facts.map(
          ([term, fact]) =>
            fact &&
            html`<div key=${term}>
              <dt>${term}</dt>
              <dd>${fact}</dd>
            </div>`,
        )}
      </dl>
      ${outputs && Object.keys(outputs).length > 0 && html`<pre tabindex="0" aria-label=${`What ${title} found`}>${shortened(outputs)}</pre>`}
    </details>
    <button
      type="button"
      class="quiet square"
      disabled=${busy}
      aria-label=${`Run ${title} again`}
      title="Run again"
      onClick=${replay}
    >
      <${Icon} name="replay" size="16" />
    </button>
  </li>`;
}

/** As JSON, a line an output, long lists cut. @param {Record<string, unknown>} outputs */
function shortened(outputs) {
  return Object.entries(outputs)
    .map(([name, value]) => {
      const text = JSON.stringify(value);
      return `${name}: ${text.length > 160 ? `${text.slice(0, 160)}…` : text}`;
    })
    .join('\n');
}
