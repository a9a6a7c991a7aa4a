// @ts-check
import { effect, signal, untracked } from '@preact/signals';
import { query } from '../address.js';
import { onEvent } from '../events.js';
import { locked } from '../server.js';
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
  if (mine !== coming) return;
  const sameSearch = found.peek().query === mine.query;
  if (!sameSearch) window.scrollTo({ top: 0 });
  found.peek().leave();
  found.value = mine;
  unseen.value = 0;
  searching.value = false;
}

const atTop = () => window.scrollY < 200;
/** @type {Set<string>} */
const changed = new Set();
let created = 0;
let gone = false;
let due = false;

/** What was told is looked at together: an asset that is enriched changes many times a second. */
function soon() {
  if (due) return;
  due = true;
  setTimeout(() => {
    due = false;
    void catchUp();
  }, 500);
}

async function catchUp() {
  const ids = [...changed];
  changed.clear();
  if (gone || (created > 0 && atTop())) {
    created = 0;
    gone = false;
    return search();
  }
  unseen.value += created;
  created = 0;
  await found.peek().refresh(ids);
}

/** Begins to follow the address, and what happens on the server. */
export function followSearch() {
  effect(() => {
    void query.value;
    if (!locked.value) untracked(() => void search());
  });
  onEvent((name, { id = '' }) => {
    if (name === 'asset.created.v1') created++;
    else if (name === 'asset.changed.v1') changed.add(id);
    else if (name === 'asset.deleted.v1' && found.peek().indexOf(id) >= 0) gone = true;
    else if (name === 'reset') return void (atTop() && search());
    else return;
    soon();
  });
}
