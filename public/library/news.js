// @ts-check
import { effect, untracked } from '@preact/signals';
import { query } from '../address.js';
import { onEvent } from '../events.js';
import { locked } from '../server.js';
import { Awaited } from './awaited.js';
import { heed } from './behind.js';
import { found, isComing, search, unseen } from './found.js';

/** What was told is looked at together, so many ms later: an asset that is enriched changes many times a second. */
const together = 500;
/** So long, in ms, after no answer came, and between two looks at whether the view is at the top again. */
const patience = 2000;

const awaited = new Awaited();
/** @type {Set<string>} */
let changed = new Set();
let created = 0;
let gone = false;
/** Something may have been missed. */
let missed = false;
/** When an index that is being made is to be looked at again. */
let behindAt = Infinity;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let dueAt = Infinity;

/** Looks at the news at this time, or earlier. @param {number} at */
function lookAt(at) {
  if (at >= dueAt) return;
  clearTimeout(timer);
  dueAt = at;
  timer = setTimeout(() => {
    dueAt = Infinity;
    void look();
  }, at - performance.now());
}

const atTop = () => window.scrollY < 200;
const isThere = (/** @type {string} */ id) => found.peek().indexOf(id) >= 0;

/** Brings what is shown up to date: by a new search where something came or went and nothing that is looked at would move. */
async function look() {
  const now = performance.now();
  // What somebody asked for goes first.
  if (isComing()) return lookAt(now + together);
  const news = { changed, created, gone, missed };
  const more = created > 0 || missed || Math.min(awaited.dueAt, behindAt) <= now;
  [changed, created, gone, missed] = [new Set(), 0, false, false];
  if (news.gone || (more && atTop())) {
    const answer = await search();
    if (answer !== found.peek()) {
      for (const id of news.changed) changed.add(id);
      created += news.created;
      gone ||= news.gone;
      missed ||= news.missed;
      lookAt(performance.now() + patience);
    }
    return;
  }
  if (!atTop()) unseen.value += Math.max(news.created, awaited.countUntold());
  await found.peek().refresh(news.changed);
  lookAgain();
}

/** Looks again when something is due that nothing will be told of. */
function lookAgain() {
  const at = Math.min(awaited.dueAt, behindAt);
  if (at < Infinity) lookAt(atTop() ? at : Math.max(at, performance.now() + patience));
}

/** What is shown now has been looked through for what is awaited. @param {import('./results.js').Results} results */
async function heedAnswer(results) {
  const total = results.total.peek();
  if (total === undefined) return;
  awaited.looked(isThere, performance.now());
  behindAt = Infinity;
  if (results.query === '') {
    const rest = await heed(total);
    if (results !== found.peek()) return;
    if (rest !== undefined) behindAt = performance.now() + rest;
  }
  lookAgain();
}

/** Begins to follow the address, and what happens on the server. */
export function followSearch() {
  effect(() => {
    void query.value;
    if (!locked.value) untracked(() => void search());
  });
  effect(() => {
    const results = found.value;
    untracked(() => void heedAnswer(results));
  });
  onEvent((name, { id = '' }) => {
    const now = performance.now();
    if (name === 'asset.created.v1') {
      created++;
      awaited.add(id, now);
    } else if (name === 'asset.changed.v1') {
      changed.add(id);
      awaited.changed(id, now);
    } else if (name === 'asset.deleted.v1') {
      awaited.remove(id);
      if (!isThere(id)) return;
      gone = true;
    } else if (name === 'reset') missed = true;
    else return;
    lookAt(now + (missed ? 0 : together));
  });
}
