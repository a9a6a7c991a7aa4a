// @ts-check
import { batch, computed, signal } from '@preact/signals';
import { onEvent } from '../events.js';
import { each, read } from '../server.js';
import { cardOf } from '../library/card.js';
import { sendFile } from './send.js';

/**
 * waiting, sending: its bytes; enriching: what enrichers do; then ready or partly, or refused and failed, which have a reason.
 * @typedef {'waiting' | 'sending' | 'enriching' | 'ready' | 'partly' | 'refused' | 'failed'} Status
 * @typedef {'pending' | 'running' | 'done' | 'failed'} StageStatus
 * @typedef {{ enricher: string, status: StageStatus, share: number }} Stage
 */

/** Files on their way at once. */
const atOnce = 3;

/** A file on its way in, from the first byte to its last enricher. */
export class Upload {
  status = signal(/** @type {Status} */ ('waiting'));
  /** Of its bytes, 0–1. */
  share = signal(0);
  stages = signal(/** @type {Stage[]} */ ([]));
  reason = signal('');
  /** Whether the same bytes were there already. */
  known = signal(false);
  card = signal(/** @type {import('../library/card.js').Card | undefined} */ (undefined));
  leave = new AbortController();

  /** @param {number} key @param {File} file */
  constructor(key, file) {
    this.key = key;
    this.file = file;
  }

  /** How far it is, sending and enriching together, 0–1. */
  progress = computed(() => {
    const stages = this.stages.value;
    const done = stages.reduce(
      (sum, { status, share }) => sum + (status === 'done' || status === 'failed' ? 1 : status === 'running' ? share : 0),
      0,
    );
    return settled.includes(this.status.value)
      ? 1
      : this.share.value * 0.4 + (stages.length > 0 ? (done / stages.length) * 0.6 : 0);
  });
}

/** @type {readonly Status[]} */
const settled = ['ready', 'partly', 'refused', 'failed'];

export const uploads = signal(/** @type {Upload[]} */ ([]));
export const tally = computed(() => {
  const by = { total: uploads.value.length, settled: 0, bad: 0, progress: 0 };
  for (const { status, progress } of uploads.value) {
    if (settled.includes(status.value)) by.settled++;
    if (status.value === 'refused' || status.value === 'failed') by.bad++;
    by.progress += progress.value;
  }
  return { ...by, progress: by.total > 0 ? by.progress / by.total : 0 };
});
/** Whether the list of uploads is open. */
export const trayOpen = signal(false);

/** @type {Map<string, Upload>} those being enriched, by asset */
const enriching = new Map();
let keys = 0;
let sending = 0;

/** Takes files in, in their order. @param {readonly File[]} files */
export function add(files) {
  if (files.length === 0) return;
  uploads.value = [...uploads.value, ...files.map((file) => new Upload(++keys, file))];
  trayOpen.value = true;
  sendNext();
}

function sendNext() {
  for (const upload of uploads.value) {
    if (sending >= atOnce) return;
    if (upload.status.value !== 'waiting') continue;
    sending++;
    void sendOne(upload).finally(() => {
      sending--;
      sendNext();
    });
  }
}

/** @param {Upload} upload */
async function sendOne(upload) {
  const { file, leave } = upload;
  upload.status.value = 'sending';
  try {
    const { id, known } = await sendFile(file, { onShare: (share) => (upload.share.value = share), signal: leave.signal });
    upload.share.value = 1;
    upload.known.value = known;
    upload.status.value = 'enriching';
    enriching.set(id, upload);
    void lookUntilSeen(id);
  } catch (error) {
    if (leave.signal.aborted) return;
    const { status = 0, message } = /** @type {import('../server.js').ServerError} */ (error);
    batch(() => {
      upload.reason.value = message;
      // What the server does not take, it will not take the next time.
      upload.status.value = status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'refused' : 'failed';
    });
  }
}

/** @param {string} status */
const stageStatus = (status) =>
  /** @type {StageStatus} */ ({ pending: 'pending', running: 'running', done: 'done' }[status] ?? 'failed');

/** Reads how far an asset is. @param {string} id */
async function lookAt(id) {
  const upload = enriching.get(id);
  if (!upload) return;
  const [asset, { items }] = await Promise.all([read(`/api/assets/${id}`), read(`/api/assets/${id}/enrichments`)]);
  batch(() => {
    upload.card.value = cardOf(asset);
    upload.stages.value = items.map((/** @type {{ enricher: string, status: string }} */ { enricher, status }) => ({
      enricher,
      status: stageStatus(status),
      share: 0,
    }));
    upload.status.value = asset.state === 'processing' ? 'enriching' : asset.state === 'ready' ? 'ready' : 'partly';
  });
  if (asset.state !== 'processing') enriching.delete(id);
}

/** The file has been taken in: that the server is away for a moment says nothing of it. @param {string} id */
async function lookUntilSeen(id) {
  try {
    await lookAt(id);
  } catch (error) {
    const { status = 0 } = /** @type {import('../server.js').ServerError} */ (error);
    if (status === 0 || status >= 500) setTimeout(lookUntilSeen, 3000, id);
  }
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
    if (name === 'reset') return void each([...enriching.keys()], 4, lookUntilSeen);
    const upload = enriching.get(told.assetId ?? told.id ?? '');
    if (!upload) return;
    const change = stageChanges[name]?.(told);
    if (change && told.enricher) setStage(upload, told.enricher, change);
    if (name === 'asset.changed.v1' && told.id && told.state !== 'processing') void lookUntilSeen(told.id);
  });
  addEventListener('beforeunload', (event) => {
    if (sending > 0) event.preventDefault();
  });
}

/** @param {Upload} upload */
export function again(upload) {
  upload.share.value = 0;
  upload.leave = new AbortController();
  upload.status.value = 'waiting';
  sendNext();
}

/** Stops one, or takes it off the list. @param {Upload} upload */
export function takeOff(upload) {
  upload.leave.abort(new Error('taken off'));
  uploads.value = uploads.value.filter((one) => one !== upload);
}

export function clearSettled() {
  uploads.value = uploads.value.filter(({ status }) => !settled.includes(status.value));
  if (uploads.value.length === 0) trayOpen.value = false;
}
