// @ts-check
import { computed, signal } from '@preact/signals';

/**
 * waiting, sending: its bytes; enriching: what enrichers do; then ready or partly, gone where its asset was deleted meanwhile, or refused
 * and failed, which have a reason.
 * @typedef {'waiting' | 'sending' | 'enriching' | 'ready' | 'partly' | 'gone' | 'refused' | 'failed'} Status
 * @typedef {'pending' | 'running' | 'done' | 'failed'} StageStatus
 * @typedef {{ enricher: string, status: StageStatus, share: number }} Stage
 */

/** @type {readonly Status[]} */
const settled = ['ready', 'partly', 'gone', 'refused', 'failed'];

/** A file on its way in, from the first byte to its last enricher. */
export class Upload {
  status = signal(/** @type {Status} */ ('waiting'));
  /** Of its bytes, 0–1. */
  share = signal(0);
  stages = signal(/** @type {Stage[]} */ ([]));
  reason = signal('');
  /** The asset that it became, as others may have. @type {string | undefined} */
  assetId;
  /** Whether the same bytes were there already. */
  known = signal(false);
  card = signal(/** @type {import('../library/card.js').Card | undefined} */ (undefined));
  leave = new AbortController();

  /** @param {number} key @param {File} file */
  constructor(key, file) {
    this.key = key;
    this.file = file;
  }

  isSettled = computed(() => settled.includes(this.status.value));

  /** How far it is, sending and enriching together, 0–1. */
  progress = computed(() => {
    const stages = this.stages.value;
    const done = stages.reduce(
      (sum, { status, share }) => sum + (status === 'done' || status === 'failed' ? 1 : status === 'running' ? share : 0),
      0,
    );
    return this.isSettled.value ? 1 : this.share.value * 0.4 + (stages.length > 0 ? (done / stages.length) * 0.6 : 0);
  });
}

export const uploads = signal(/** @type {Upload[]} */ ([]));
export const tally = computed(() => {
  const by = { total: uploads.value.length, settled: 0, bad: 0, gone: 0, progress: 0 };
  for (const { status, isSettled, progress } of uploads.value) {
    if (isSettled.value) by.settled++;
    if (status.value === 'refused' || status.value === 'failed') by.bad++;
    if (status.value === 'gone') by.gone++;
    by.progress += progress.value;
  }
  return { ...by, progress: by.total > 0 ? by.progress / by.total : 0 };
});
/** Whether the list of uploads is open. */
export const trayOpen = signal(false);
