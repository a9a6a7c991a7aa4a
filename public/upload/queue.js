// @ts-check
import { batch } from '@preact/signals';
import { lookUntilSeen } from './enriching.js';
import { sendFile } from './send.js';
import { trayOpen, Upload, uploads } from './uploads.js';

/** Files on their way at once. */
const atOnce = 3;

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
    upload.assetId = id;
    batch(() => {
      upload.share.value = 1;
      upload.known.value = known;
      upload.status.value = 'enriching';
    });
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

/** Has the browser ask before the page is left while files are on their way. */
export function askBeforeLeaving() {
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
  uploads.value = uploads.value.filter(({ isSettled }) => !isSettled.value);
  if (uploads.value.length === 0) trayOpen.value = false;
}
