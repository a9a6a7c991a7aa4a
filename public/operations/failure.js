// @ts-check
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { titleOf } from '../enrichers.js';
import { blurOf, cardOf } from '../library/card.js';
import { Icon } from '../parts/icon.js';
import { useReplay } from '../parts/replay.js';
import { read } from '../server.js';
import { ago, counted, moment } from '../words.js';
import { lookNow } from './watch.js';

/** @typedef {import('../types.d.ts').Enrichment} Enrichment */

/** An enrichment that failed for good: of what, by what, and why. @param {{ row: Enrichment, onReplayed: () => unknown }} props */
export function Failure({ row, onReplayed }) {
  const { assetId, enricher, error, attempts, finishedAt } = row;
  const [asked, replay] = useReplay(row, async () => {
    await onReplayed();
    lookNow();
  });
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
