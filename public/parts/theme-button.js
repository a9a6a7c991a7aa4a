// @ts-check
import { html } from 'htm/preact';
import { signal } from '@preact/signals';
import { Icon } from './icon.js';

const themes = /** @type {const} */ (['system', 'light', 'dark']);
const icons = /** @type {const} */ ({ system: 'system', light: 'sun', dark: 'moon' });
const theme = signal(themes.find((name) => name === document.documentElement.dataset['theme']) ?? 'system');

function next() {
  const chosen = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system';
  theme.value = chosen;
  if (chosen === 'system') {
    delete document.documentElement.dataset['theme'];
    localStorage.removeItem('vitrail-theme');
  } else {
    document.documentElement.dataset['theme'] = chosen;
    localStorage.setItem('vitrail-theme', chosen);
  }
}

/** Light, dark, or as the system has it. */
export function ThemeButton() {
  const title = `Colours: ${theme.value === 'system' ? 'as the system has them' : theme.value}`;
  return html`<button type="button" class="quiet square" title=${title} aria-label=${title} onClick=${next}>
    <${Icon} name=${icons[theme.value]} />
  </button>`;
}
