// @ts-check
import { html } from 'htm/preact';
import { enrichers } from '../enrichers.js';
import { count } from '../words.js';

/** @typedef {import('../types.d.ts').EnricherInfo} EnricherInfo */

const breakerWords = { closed: 'Closed', 'half-open': 'Half open', open: 'Open' };
const breakerHelp = 'Opens when an enricher fails again and again, so that it is left alone for a moment';
const severity = /** @type {const} */ (['closed', 'half-open', 'open']);

/** What each enricher has done, and how busy it is. */
export function Enrichers() {
  return html`<section aria-label="Enrichers">
    <h2>Enrichers</h2>
    <div class="card scroll" tabindex="0" role="group" aria-label="Table of enrichers">
      <table class="enrichers">
        <thead>
          <tr>
            <th scope="col">Enricher</th>
            <th scope="col">Done</th>
            <th scope="col">To do</th>
            <th scope="col">Quarantined</th>
            <th scope="col" title="Runs at once on all nodes, of those that may be">Running</th>
            <th scope="col" title="Runs that its bulkhead holds back">Waiting</th>
            <th scope="col" title=${breakerHelp}>Breaker</th>
          </tr>
        </thead>
        <tbody>
          ${enrichers.value.map((enricher) => html`<${Row} key=${enricher.name} enricher=${enricher} />`)}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** @param {{ enricher: EnricherInfo }} props */
function Row({ enricher: { name, title, version, available, missing, enrichments, hosts, run } }) {
  const { pending = 0, running = 0, done = 0, quarantined = 0, unavailable = 0 } = enrichments;
  const total = pending + running + done + quarantined + unavailable;
  const inside = hosts.reduce((sum, host) => sum + host.running, 0);
  const before = hosts.reduce((sum, host) => sum + host.waiting, 0);
  const places = hosts.length * run.concurrency;
  const breaker = hosts.reduce(
    (worst, host) => (severity.indexOf(host.breaker) > severity.indexOf(worst) ? host.breaker : worst),
    /** @type {typeof severity[number]} */ ('closed'),
  );
  return html`<tr data-available=${available}>
    <th scope="row">
      ${title}<small>${name} ${version}</small>
      ${!available && html`<small class="missing">${missing ?? 'No node runs it'}</small>`}
    </th>
    <td>
      <span
        class="share"
        style=${{ '--done': total > 0 ? done / total : 0, '--bad-share': total > 0 ? (quarantined + unavailable) / total : 0 }}
      ></span>
      <span class="number">${count(done)}</span>
    </td>
    <td data-none=${pending + unavailable === 0}>${count(pending + unavailable)}</td>
    <td data-none=${quarantined === 0}>
      ${quarantined > 0 ? html`<a href=${`/operations?enricher=${name}`}>${count(quarantined)}</a>` : '0'}
    </td>
    <td data-none=${inside === 0}>${count(inside)}<span class="soft"> of ${count(places)}</span></td>
    <td data-none=${before === 0}>${count(before)}<span class="soft"> of ${count(hosts.length * run.queue)}</span></td>
    <td>
      <span class="breaker" data-state=${hosts.length > 0 ? breaker : 'none'}
        >${hosts.length > 0 ? breakerWords[breaker] : '–'}</span
      >
    </td>
  </tr>`;
}
