// @ts-check
import { batch } from '@preact/signals';
import { onEvent } from '../events.js';
import { cardOf } from '../library/card.js';
import { each, read } from '../server.js';
import { uploads } from './uploads.js';

/** What becomes of files that were sent, as events and looks at their assets tell. */

/** @typedef {import('./uploads.js').Upload} Upload */
/** @typedef {import('./uploads.js').Stage} Stage */
/** @typedef {import('./uploads.js').StageStatus} StageStatus */

/** Those that became one asset. @param {string} id */
const thoseOf = (id) => uploads.value.filter(({ assetId }) => assetId === id);
/** @param {Upload} upload */
const isEnriching = ({ status }) => status.value === 'enriching';

/** @param {string} status */
const stageStatus = (status) =>
  /** @type {StageStatus} */ ({ pending: 'pending', running: 'running', done: 'done' }[status] ?? 'failed');

/** Reads how far an asset is. @param {string} id */
async function lookAt(id) {
  if (!thoseOf(id).some(isEnriching)) return;
  const [asset, { items }] = await Promise.all([read(`/api/assets/${id}`), read(`/api/assets/${id}/enrichments`)]);
  // What an event told meanwhile is newer.
  for (const upload of thoseOf(id).filter(isEnriching))
    batch(() => {
      upload.card.value = cardOf(asset);
      upload.stages.value = items.map((/** @type {{ enricher: string, status: string }} */ { enricher, status }) => ({
        enricher,
        status: stageStatus(status),
        share: 0,
      }));
      upload.status.value = asset.state === 'processing' ? 'enriching' : asset.state === 'ready' ? 'ready' : 'partly';
    });
}

/** The file has been taken in: that the server is away for a moment says nothing of it. @param {string} id */
export async function lookUntilSeen(id) {
  try {
    await lookAt(id);
  } catch (error) {
    const { status = 0 } = /** @type {import('../server.js').ServerError} */ (error);
    if (status === 404) setGone(id);
    else if (status === 0 || status >= 500) setTimeout(lookUntilSeen, 3000, id);
  }
}

/** Somebody has deleted the asset. @param {string} id */
function setGone(id) {
  for (const upload of thoseOf(id))
    batch(() => {
      upload.card.value = undefined;
      upload.status.value = 'gone';
    });
}

/** @param {Upload} upload @param {string} enricher @param {Partial<Stage>} change */
function setStage(upload, enricher, change) {
  const stages = upload.stages.value;
  const found = stages.find((stage) => stage.enricher === enricher) ?? { enricher, status: 'pending', share: 0 };
  const changed = { ...found, ...change };
  upload.stages.value = stages.includes(found)
    ? stages.map((stage) => (stage === found ? changed : stage))
    : [...stages, changed];
}

/** @type {Record<string, (told: import('../events.js').Told) => Partial<Stage>>} */
const stageChanges = {
  'enrichment.started.v1': () => ({ status: 'running', share: 0 }),
  'enrichment.progressed.v1': ({ share = 0 }) => ({ share }),
  'enrichment.done.v1': () => ({ status: 'done', share: 1 }),
  'enrichment.failed.v1': ({ quarantined }) => ({ status: quarantined ? 'failed' : 'pending' }),
};

/** Begins to follow what enrichers do with what was sent. */
export function followUploads() {
  onEvent((name, told) => {
    if (name === 'reset') {
      const ids = new Set(uploads.value.filter(isEnriching).flatMap(({ assetId }) => assetId ?? []));
      return void each(ids, 4, lookUntilSeen);
    }
    const id = told.assetId ?? told.id ?? '';
    if (name === 'asset.deleted.v1') return setGone(id);
    const change = stageChanges[name]?.(told);
    if (change && told.enricher) for (const upload of thoseOf(id).filter(isEnriching)) setStage(upload, told.enricher, change);
    if (name === 'asset.changed.v1' && told.state !== 'processing') void lookUntilSeen(id);
  });
}
