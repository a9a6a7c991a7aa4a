// @ts-check
import { effect, signal, untracked } from '@preact/signals';
import { query } from '../address.js';
import { onEvent } from '../events.js';
import { locked } from '../server.js';
import { Awaited, shortestMs } from './awaited.js';
import { countKept, followIndex, kept } from './behind.js';
import { Results } from './results.js';

/** What the library shows: the answer to the search in the address. The one before stays until the new one is there. */
export const found = signal(Results.none());
/** Whether another answer is awaited. */
export const searching = signal(true);
/** How many have come that are not shown, because that would move what is looked at. */
export const unseen = signal(0);

/** @type {Results | undefined} */
let coming;

/** Searches anew, with what the address says now. */
export async function search() {
  coming?.leave();
  const mine = (coming = new Results(query.peek()));
  searching.value = true;
  await mine.more();
  if (mine.query === '' && mine.total.peek() === 0) await countKept();
  if (mine !== coming) return;
  searching.value = false;
  const before = found.peek();
  const sameSearch = before.query === mine.query;
  // What was found stays while no answer comes.
  if (sameSearch && mine.error.peek() && before.total.peek() !== undefined) return;
  if (!sameSearch) window.scrollTo({ top: 0 });
  before.leave();
  found.value = mine;
  unseen.value = 0;
  if (mine.total.peek() === 0 && kept.peek() > 0) void followIndex(lookAgain);
}

/** @returns {Promise<number | undefined>} */
async function lookAgain() {
  if (query.peek() !== '' || !atTop()) return undefined;
  await search();
  return found.peek().total.peek();
}

const atTop = () => window.scrollY < 200;
const isThere = (/** @type {string} */ id) => found.peek().indexOf(id) >= 0;
/** @type {Set<string>} */
const changed = new Set();
const awaited = new Awaited();
let created = 0;
let gone = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let dueAt = Infinity;

/** What was told is looked at together: an asset that is enriched changes many times a second. */
function soon(ms = shortestMs) {
  const at = performance.now() + ms;
  if (at >= dueAt) return;
  clearTimeout(timer);
  dueAt = at;
  timer = setTimeout(() => {
    dueAt = Infinity;
    void catchUp();
  }, ms);
}

async function catchUp() {
  const ids = [...changed];
  changed.clear();
  const more = created > 0 || awaited.restMs !== undefined;
  if (gone || (more && atTop())) {
    created = 0;
    gone = false;
    await search();
    awaited.looked(isThere);
  } else {
    // Whoever asks for them is at the top then, and they have long been taken up.
    if (!atTop()) awaited.clear();
    unseen.value += created;
    created = 0;
    await found.peek().refresh(ids);
  }
  if (awaited.restMs !== undefined) soon(awaited.restMs);
}

/** Begins to follow the address, and what happens on the server. */
export function followSearch() {
  effect(() => {
    void query.value;
    if (!locked.value) untracked(() => void search());
  });
  onEvent((name, { id = '' }) => {
    if (name === 'asset.created.v1') {
      created++;
      awaited.add(id);
    } else if (name === 'asset.changed.v1') {
      changed.add(id);
      awaited.changed(id);
    } else if (name === 'asset.deleted.v1') {
      awaited.remove(id);
      if (!isThere(id)) return;
      gone = true;
    } else if (name === 'reset') return void (atTop() && search());
    else return;
    soon();
  });
}
