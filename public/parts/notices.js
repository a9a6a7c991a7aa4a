// @ts-check
import { html } from 'htm/preact';
import { signal } from '@preact/signals';
import { Icon } from './icon.js';

/** @typedef {{ id: number, text: string, bad: boolean, undo?: { label: string, act: () => unknown } | undefined }} Notice */

const notices = signal(/** @type {Notice[]} */ ([]));
let last = 0;

const dismiss = (/** @type {number} */ id) => (notices.value = notices.value.filter((notice) => notice.id !== id));

/**
 * Says something for a few seconds, perhaps with a way back.
 * @param {string} text
 * @param {{ bad?: boolean, undo?: Notice['undo'] }} [options]
 */
export function say(text, { bad = false, undo } = {}) {
  const id = ++last;
  notices.value = [...notices.value.slice(-2), { id, text, bad, undo }];
  setTimeout(dismiss, bad || undo ? 9000 : 5000, id);
}

/** What went wrong, in the server's words. @param {unknown} error */
export const sayError = (error) => say(error instanceof Error ? error.message : String(error), { bad: true });

export function Notices() {
  return html`<div class="notices" role="status" aria-live="polite">
    ${notices.value.map(
      ({ id, text, bad, undo }) =>
        html`<p class="notice" key=${id} data-bad=${bad}>
          ${bad && html`<${Icon} name="warn" />`}<span>${text}</span>
          ${undo && html`<button type="button" class="quiet" onClick=${() => (dismiss(id), undo.act())}>${undo.label}</button>`}
          <button type="button" class="quiet square" aria-label="Dismiss" onClick=${() => dismiss(id)}>
            <${Icon} name="close" size="14" />
          </button>
        </p>`,
    )}
  </div>`;
}
