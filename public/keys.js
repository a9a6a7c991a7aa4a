// @ts-check
import { signal } from '@preact/signals';
import { go, route } from './address.js';
import { chooseFiles } from './upload/choose.js';

export const helpOpen = signal(false);

/** Keys that do something, for the help; the views listen for those of their own. */
export const keys = [
  ['/', 'Search'],
  ['← → ↑ ↓', 'From picture to picture'],
  ['Enter', 'Open a picture'],
  ['Esc', 'Back to the library'],
  ['T', 'Add a tag to the picture that is open'],
  ['U', 'Add pictures'],
  ['L, O', 'Library, operations'],
  ['?', 'This help'],
];

/** Whether a key belongs to a field. @param {KeyboardEvent} event */
export function isTyping({ target, altKey, ctrlKey, metaKey }) {
  const field =
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|VIDEO)$/.test(target.tagName));
  return (
    altKey ||
    ctrlKey ||
    metaKey ||
    (field && !/^(checkbox|radio|button)$/.test(/** @type {HTMLInputElement} */ (target).type ?? ''))
  );
}

export function followKeys() {
  addEventListener('keydown', (event) => {
    if (isTyping(event) || event.defaultPrevented || document.querySelector('dialog[open]')) return;
    /** @type {Record<string, () => unknown>} */
    const acts = {
      '/': () => {
        const focus = () => document.getElementById('search')?.focus();
        if (route.value.view === 'library') return focus();
        go('/');
        requestAnimationFrame(focus);
      },
      '?': () => (helpOpen.value = true),
      u: () => chooseFiles('files'),
      l: () => go('/'),
      o: () => go('/operations'),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
