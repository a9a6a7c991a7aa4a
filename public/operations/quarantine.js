// @ts-check
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { go, hrefOf, params } from '../address.js';
import { enrichers, titleOf } from '../enrichers.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icon.js';
import { say, sayError } from '../parts/notices.js';
import { read, send } from '../server.js';
import { capital, count, counted } from '../words.js';
import { Failure } from './failure.js';
import { lookNow, quarantineChanges } from './watch.js';

/** @typedef {import('../types.d.ts').Enrichment} Enrichment */
/** @typedef {{ items: Enrichment[], total: number, next: string | null }} Page */

const classes = ['data', 'temporary', 'resource', 'logic', 'configuration'];
const nothing = {
  ofKind: 'Nothing of this kind is quarantined.',
  atAll: 'Nothing is quarantined: every enricher could do its work.',
};

/** What is asked for, as the address has it. */
const filterOf = () =>
  Object.fromEntries(
    ['enricher', 'class'].flatMap((name) => (params.value.get(name) ? [[name, String(params.value.get(name))]] : [])),
  );

/** What failed for good, each with its reason, and the way to try it once more. */
export function Quarantine() {
  const filter = filterOf();
  const [page, setPage] = useState(/** @type {Page | undefined} */ (undefined));
  const [planned, setPlanned] = useState(/** @type {number | undefined} */ (undefined));
  const wanted = hrefOf('/api/quarantine', { ...filter, limit: '50' });
  const changes = quarantineChanges.value;
  const load = () => read(wanted).then(setPage, sayError);
  useEffect(() => void load(), [wanted, changes]);

  async function more() {
    const { items, total, next } = await read(hrefOf('/api/quarantine', { ...filter, limit: '50', cursor: page?.next ?? '' }));
    setPage({ items: [...(page?.items ?? []), ...items], total, next });
  }
  /** What a replay would do, before it is done. */
  async function plan() {
    try {
      setPlanned((await send('POST', '/api/quarantine/replay', { ...filter, dryRun: true })).replayed);
    } catch (error) {
      sayError(error);
    }
  }
  async function replay() {
    setPlanned(undefined);
    try {
      const { replayed } = await send('POST', '/api/quarantine/replay', filter);
      say(`${counted(replayed, 'enrichment')} ${replayed === 1 ? 'runs' : 'run'} again.`);
      await load();
      lookNow();
    } catch (error) {
      sayError(error);
    }
  }

  const total = page?.total ?? 0;
  return html`<section aria-label="Quarantine" class="quarantine">
    <header>
      <h2>Quarantine ${total > 0 && html`<span class="pill bad">${count(total)}</span>`}</h2>
      <${Choice}
        name="enricher"
        label="Enricher"
        any="All enrichers"
        values=${enrichers.value.map(({ name, title }) => [name, title])}
      />
      <${Choice} name="class" label="Kind of failure" any="All kinds" values=${classes.map((name) => [name, capital(name)])} />
      <button type="button" disabled=${total === 0} onClick=${plan}><${Icon} name="replay" size="16" />Run again…</button>
    </header>
    ${!page && html`<div class="card blank"></div>`}
    ${page && total === 0 && html`<p class="card calm"><${Icon} name="check" />${Object.keys(filter).length > 0 ? nothing.ofKind : nothing.atAll}</p>`}
    ${
      page &&
      total > 0 &&
      html`<ul class="card failures">
        ${page.items.map((row) => html`<${Failure} key=${`${row.assetId} ${row.enricher}`} row=${row} onReplayed=${load} />`)}
      </ul>`
    }
    ${page?.next && html`<button type="button" class="more" onClick=${more}>More</button>`}
    ${
      planned !== undefined &&
      html`<${DryRun} planned=${planned} by=${filter['enricher']} onRun=${replay} onClose=${() => setPlanned(undefined)} />`
    }
  </section>`;
}

/** What would run, before it does. @param {{ planned: number, by: string | undefined, onRun: () => unknown, onClose: () => void }} props */
function DryRun({ planned, by, onRun, onClose }) {
  const many = counted(planned, 'enrichment');
  const words = `${many} would run once more${by ? ` by ${titleOf(by)}` : ''}. What a file will never allow is quarantined again.`;
  return html`<${Dialog} title="Run again?" onClose=${onClose}>
    <p>${planned === 0 ? 'Nothing would run: all of it runs already.' : words}</p>
    <form method="dialog" class="actions">
      <button>Leave it</button>
      <button type="button" class="primary" disabled=${planned === 0} onClick=${onRun}>Run ${many} again</button>
    </form>
  </${Dialog}>`;
}

/** @param {{ name: string, label: string, any: string, values: string[][] }} props */
function Choice({ name, label, any, values }) {
  return html`<select
    aria-label=${label}
    value=${params.value.get(name) ?? ''}
    onChange=${(/** @type {Event} */ { currentTarget }) =>
      go(hrefOf('/operations', { ...filterOf(), [name]: /** @type {HTMLSelectElement} */ (currentTarget).value }))}
  >
    <option value="">${any}</option>
    ${values.map(([value, title]) => html`<option key=${value} value=${value}>${title}</option>`)}
  </select>`;
}
