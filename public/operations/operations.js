// @ts-check
import { html } from 'htm/preact';
import { useEffect } from 'preact/hooks';
import { Trouble } from '../library/states.js';
import { Enrichers } from './enrichers.js';
import { Nodes } from './nodes.js';
import { Quarantine } from './quarantine.js';
import { lookNow, trouble, useWatch, work } from './watch.js';
import { WorkPart } from './work.js';

/** How Vitrail itself is: who is there, what is to do, what went wrong. */
export function Operations() {
  useWatch();
  useEffect(() => {
    document.title = 'Operations – Vitrail';
    window.scrollTo({ top: 0 });
  }, []);
  const error = trouble.value;
  return html`<main class="operations" id="main" tabindex="-1">
    <h1>Operations</h1>
    ${error && !work.value && html`<${Trouble} error=${error} retry=${lookNow} />`}
    ${error && work.value && html`<p class="stale" role="alert">${error.message} What follows is what was known last.</p>`}
    ${(!error || work.value) && html`<${WorkPart} /><${Nodes} /><${Enrichers} /><${Quarantine} />`}
  </main>`;
}
