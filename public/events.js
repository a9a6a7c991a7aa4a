// @ts-check
import { effect } from '@preact/signals';
import { locked } from './server.js';

/**
 * What the server tells as it happens (docs/api.md, Events), and `reset`: something may have been missed, read anew.
 * @typedef {{ id?: string, assetId?: string, enricher?: string, state?: string, share?: number, attempt?: number, quarantined?: boolean,
 *   durationMs?: number, names?: string[], error?: { message: string } }} Told
 * @typedef {(name: string, told: Told) => void} Listener
 */
const names = [
  'asset.created.v1',
  'asset.changed.v1',
  'asset.deleted.v1',
  'tags.changed.v1',
  'enrichment.started.v1',
  'enrichment.progressed.v1',
  'enrichment.done.v1',
  'enrichment.failed.v1',
  'reset',
];

/** @type {Set<Listener>} */
const listeners = new Set();

/**
 * Listens, and gives the function that ends it.
 * @param {Listener} listener
 */
export function onEvent(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** @param {string} name @param {Told} told */
function tell(name, told) {
  for (const listener of [...listeners]) listener(name, told);
}

/** @type {EventSource | undefined} */
let source;

function open() {
  source = new EventSource('/api/events');
  for (const name of names) source.addEventListener(name, ({ data }) => tell(name, JSON.parse(data)));
  const mine = source;
  source.onerror = () => {
    // The browser comes back by itself from a connection that broke, not from an answer that was a refusal.
    if (mine.readyState === EventSource.CLOSED) setTimeout(reopen, 3000);
  };
}

function reopen() {
  source?.close();
  source = undefined;
  if (document.hidden || locked.value) return;
  open();
}

/** One connection for the whole page, and only while it is looked at: browsers have six for one server, all tabs together. */
export function listen() {
  effect(() => {
    if (!locked.value) reopen();
  });
  document.addEventListener('visibilitychange', () => {
    reopen();
    if (!document.hidden) tell('reset', {});
  });
}
