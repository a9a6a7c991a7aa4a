// @ts-check
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { go, hrefOf, params } from '../address.js';
import { enrichers } from '../enrichers.js';
import { blurOf, cardOf } from '../library/card.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icon.js';
import { say, sayError } from '../parts/notices.js';
import { read, send } from '../server.js';
import { ago, capital, count, counted, moment } from '../words.js';
import { lookNow, quarantineChanges } from './watch.js';

/** @typedef {import('../types.d.ts').Enrichment} Enrichment */
/** @typedef {{ items: Enrichment[], total: number, next: string | null }} Page */

const classes = ['data', 'temporary', 'resource', 'logic', 'configuration'];
const titleOf = (/** @type {string} */ name) => enrichers.value.find((one) => one.name === name)?.title ?? name;

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
    ${page && total === 0 && html`<p class="card calm"><${Icon} name="check" />${Object.keys(filter).length > 0 ? 'Nothing of this kind is quarantined.' : 'Nothing is quarantined: every enricher could do its work.'}</p>`}
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
      html`<${Dialog} title="Run again?" onClose=${() => setPlanned(undefined)}>
      <p>${planned === 0 ? 'Nothing would run: all of it runs already.' : `${counted(planned, 'enrichment')} would run once more${filter['enricher'] ? ` by ${titleOf(filter['enricher'])}` : ''}. What a file will never allow is quarantined again.`}</p>
      <form method="dialog" class="actions"><button>Leave it</button><button type="button" class="primary" disabled=${planned === 0} onClick=${replay}>Run ${counted(planned, 'enrichment')} again</button></form>
    </${Dialog}>`
    }
  </section>`;
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

/** @param {{ row: Enrichment, onReplayed: () => unknown }} props */
function Failure({ row, onReplayed }) {
  const { assetId, enricher, error, attempts, finishedAt } = row;
  const [asked, setAsked] = useState(false);
  const [card, setCard] = useState(/** @type {import('../library/card.js').Card | undefined} */ (undefined));
  useEffect(
    () =>
      void read(`/api/assets/${assetId}`).then(
        (asset) => setCard(cardOf(asset)),
        () => undefined,
      ),
    [assetId],
  );
  const blur = blurOf(card?.hash);
  const picture = card?.files[0]?.url;

  async function replay() {
    setAsked(true);
    try {
      await send('POST', `/api/assets/${assetId}/enrichments/${enricher}/replay`);
      say(`${titleOf(enricher)} runs again.`);
      await onReplayed();
      lookNow();
    } catch (failure) {
      sayError(failure);
    } finally {
      setAsked(false);
    }
  }
  return html`<li>
    <a
      class="thumb"
      href=${`/assets/${assetId}`}
      tabindex="-1"
      aria-hidden="true"
      style=${blur ? { backgroundImage: `url(${blur})` } : {}}
    >
      ${picture ? html`<img alt="" loading="lazy" src=${picture} />` : html`<${Icon} name="picture" />`}
    </a>
    <div>
      <p class="failure-name">
        <a href=${`/assets/${assetId}`}>${card?.label ?? assetId}</a><span class="soft">${titleOf(enricher)}</span
        ><span class="pill">${error?.class ?? 'unknown'}</span>
      </p>
      <p class="reason">${error?.message ?? ''}</p>
      <p class="soft">
        ${counted(attempts, 'attempt')}${finishedAt && html`, <time datetime=${finishedAt} title=${moment(finishedAt)}>${ago(finishedAt)}</time>`}
      </p>
    </div>
    <button type="button" disabled=${asked} onClick=${replay}>
      <${Icon} name="replay" size="16" />Run again<span class="unseen">: ${titleOf(enricher)} on ${card?.label ?? assetId}</span>
    </button>
  </li>`;
}
