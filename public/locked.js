// @ts-check
import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { unlock } from './server.js';

/** Asks for the key of a server that has some. */
export function Locked() {
  const [error, setError] = useState('');
  /** @param {SubmitEvent} event */
  async function onSubmit(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    try {
      await unlock(String(new FormData(form).get('key')).trim());
    } catch (failure) {
      const { status = 0, message } = /** @type {import('./server.js').ServerError} */ (failure);
      setError(status === 401 ? 'The server does not know this key.' : message);
    }
  }
  return html`<main class="state locked" id="main">
    <img src="/favicon.svg" alt="" width="40" height="40" />
    <h1>This collection asks for a key</h1>
    <p>
      Whoever runs this server has one to give (VITRAIL_API_KEYS). It is not kept: a cookie stands for it until the browser is closed.
    </p>
    <form onSubmit=${onSubmit}>
      <input
        name="key"
        type="password"
        required
        maxlength="500"
        pattern="\\s*[!-~]+\\s*"
        title="printable characters, without spaces"
        aria-label="API key"
        placeholder="API key"
        autocomplete="off"
        autofocus
      />
      <button class="primary">Open</button>
    </form>
    <p class="bad" role="alert">${error}</p>
  </main>`;
}
