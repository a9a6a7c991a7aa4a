// @ts-check
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { capital, count, counted, took } from '../words.js';
import { timeLeft, withLook } from './progress.js';
import { work } from './watch.js';

const laneWords = { interactive: 'someone waits for it', backfill: 'what new enrichers and options make due' };

/** What there is to do: how far the collection is, and what stands in which lane. */
export function WorkPart() {
  const found = work.value;
  const [looks, setLooks] = useState(/** @type {import('./progress.js').Look[]} */ ([]));
  const tally = found?.enrichments;
  const left = tally ? tally.pending + tally.running : 0;
  useEffect(() => {
    if (found)
      setLooks((before) => withLook(before, { at: Date.now(), left: found.enrichments.pending + found.enrichments.running }));
  }, [found]);
  if (!found || !tally) return html`<section class="card blank tall" aria-hidden="true"></section>`;
  const total = Object.values(tally).reduce((sum, many) => sum + many, 0);
  const soon = timeLeft(looks);
  const busy = left > 0 || found.unplanned > 0;
  const amiss = tally.quarantined + tally.unavailable;
  return html`<section class="card work" aria-label="Work">
    <div class="backfill">
      <h2>${busy ? 'Enriching' : amiss > 0 ? 'Nothing left to run' : 'Everything is enriched'}</h2>
      <p class="figure">
        ${count(tally.done)}<span class="soft">of ${counted(total, 'enrichment')}, ${counted(found.assets, 'asset')}</span>
      </p>
      <progress
        max=${Math.max(1, total)}
        value=${tally.done}
        style=${{ '--bad-share': amiss / Math.max(1, total) }}
        aria-label="Enrichments that are done"
      ></progress>
      <p class="soft">
        ${[
          busy ? `${count(left)} to do` : amiss === 0 && 'Nothing to do',
          busy && soon !== undefined && `about ${took(soon)} left`,
          tally.quarantined > 0 && `${count(tally.quarantined)} quarantined`,
          tally.unavailable > 0 && `${count(tally.unavailable)} that no node can do now`,
          found.unplanned > 0 && `${counted(found.unplanned, 'asset')} still to be looked through for new work`,
        ]
          .filter(Boolean)
          .join(', ')}
      </p>
    </div>
    <table class="lanes">
      <caption class="unseen">
        Lanes
      </caption>
      <thead>
        <tr>
          <th scope="col">Lane</th>
          <th scope="col">Waiting</th>
          <th scope="col">In work</th>
          <th scope="col">Later</th>
          <th scope="col">Given up</th>
        </tr>
      </thead>
      <tbody>
        ${found.lanes.map(
          ({ lane, waiting, inFlight, delayed, dead, paused }) =>
            html`<tr key=${lane}>
              <th scope="row">${capital(lane)}${paused && html` <span class="pill">paused</span>`}<small>${laneWords[lane]}</small></th>
              ${[waiting, inFlight, delayed, dead].map((many, index) => html`<td key=${index} data-none=${many === 0}>${count(many)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
