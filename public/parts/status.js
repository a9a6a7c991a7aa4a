// @ts-check
import { html } from 'htm/preact';

const words = {
  pending: 'Waiting',
  running: 'Running',
  done: 'Done',
  quarantined: 'Quarantined',
  unavailable: 'No node runs it',
};

/** Where an enrichment stands: a sign with a word for those who do not see it. @param {{ status: keyof typeof words }} props */
export function Status({ status }) {
  return html`<span class="status" data-status=${status} title=${words[status]}
    ><span class="unseen">${words[status]}: </span></span
  >`;
}
