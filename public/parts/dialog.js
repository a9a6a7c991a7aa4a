// @ts-check
import { html } from 'htm/preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.js';

/**
 * Asks for attention: the rest of the page waits. Escape, the cross and a click beside it close it.
 * @param {{ title: string, onClose: () => void, children: import('preact').ComponentChildren, class?: string }} props
 */
export function Dialog({ title, onClose, children, class: name = '' }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => dialog.current?.showModal(), []);
  return html`<dialog
    ref=${dialog}
    class=${`dialog ${name}`}
    aria-label=${title}
    onClose=${onClose}
    onClick=${(/** @type {MouseEvent} */ { target }) => target === dialog.current && dialog.current?.close()}
  >
    <div class="dialog-body">
      <header>
        <h2>${title}</h2>
        <button type="button" class="quiet square" aria-label="Close" onClick=${() => dialog.current?.close()}>
          <${Icon} name="close" />
        </button>
      </header>
      ${children}
    </div>
  </dialog>`;
}
