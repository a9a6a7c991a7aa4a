import { newCard, showCard } from './card.js';
import { askJson, blobUrl, dropKey, hasKey, keepKey, readEvents } from './server.js';

const $ = (selector) => document.querySelector(selector);
const [grid, more, color, trouble, keyForm] = ['#grid', '#more', '#color', '#trouble', '#key'].map($);
const pageSize = 60;

/** By the id of their asset; where the next page begins; how often was asked. */
const cards = new Map();
let next = null;
let run = 0;

/** What is searched for is what the address says. */
const wish = () => {
  const { q = '', colors = '' } = Object.fromEntries(new URLSearchParams(location.search));
  return { q, colors };
};
const inAddress = (words) => new URLSearchParams(Object.entries(words).filter(([, value]) => value !== ''));

function go(change) {
  history.pushState(null, '', `/?${inAddress({ ...wish(), ...change })}`.replace(/\?$/, ''));
  void search();
}

function onColor(hex) {
  window.scrollTo({ top: 0 });
  go({ colors: hex });
}

/** Puts cards where a page of results has them; known ones stay where they are. */
function place(items, { at = grid.firstElementChild, insert = true } = {}) {
  for (const asset of items) {
    const known = cards.get(asset.id);
    if (!known && !insert) continue;
    const card = known ?? newCard();
    showCard(card, asset, onColor);
    if (known) at = known.nextElementSibling;
    else grid.insertBefore(card, at);
    cards.set(asset.id, card);
  }
}

function clear() {
  cards.clear();
  grid.replaceChildren();
}

function showWish({ q, colors }) {
  $('#q').value = q;
  document.title = [q, colors, 'Vitrail'].filter(Boolean).join(' – ');
  color.hidden = colors === '';
  color.textContent = `${colors} ×`;
  color.ariaLabel = `Leave out the colour ${colors}`;
  color.style.setProperty('--hue', colors.split(',')[0]);
}

function showTotal(total, { q, colors }) {
  $('#count').textContent = `${total.toLocaleString()} ${total === 1 ? 'picture' : 'pictures'}${q && ` for “${q}”`}`;
  const wished = q + colors !== '';
  $('#empty').hidden = total > 0 || wished;
  $('#nothing').hidden = total > 0 || !wished;
  more.hidden = next === null;
}

function failed({ status, message }) {
  const locked = status === 401;
  keyForm.hidden = !locked;
  trouble.hidden = locked;
  trouble.querySelector('p').textContent = message;
  if (!locked) return;
  $('#refused').textContent = hasKey() ? 'The server does not know this key.' : '';
  dropKey();
  clear();
  more.hidden = true;
  $('#secret').focus();
}

async function show(extra, showPage) {
  const mine = ++run;
  try {
    const page = await askJson(`/api/search?${inAddress({ ...wish(), facets: 'none', limit: pageSize, ...extra })}`);
    if (mine !== run) return;
    trouble.hidden = keyForm.hidden = true;
    showPage(page);
    showTotal(page.total, wish());
  } catch (error) {
    if (mine === run) failed(error);
  }
}

async function search() {
  showWish(wish());
  await show({}, (page) => {
    clear();
    next = page.next;
    place(page.items);
  });
}

async function showMore() {
  if (more.disabled || next === null) return;
  more.disabled = true;
  await show({ cursor: next }, (page) => {
    next = page.next;
    place(page.items, { at: null });
  });
  more.disabled = false;
}

/** New pictures come in only while the top is in view: nothing jumps. */
async function refresh() {
  await show({ limit: Math.min(200, Math.max(pageSize, cards.size)) }, (page) => {
    place(page.items, { insert: window.scrollY < 300 });
    if (page.items.length >= cards.size) next = page.next;
  });
  if (grid.querySelector('.processing')) soon(5000);
}

let timer;
let due = Infinity;
function soon(ms = 1500) {
  if (Date.now() + ms > due) return;
  clearTimeout(timer);
  due = Date.now() + ms;
  timer = setTimeout(() => {
    due = Infinity;
    if (more.disabled) soon();
    else if (!document.hidden && keyForm.hidden) void refresh();
  }, ms);
}

function onEvent(event, { id }) {
  if (event.startsWith('enrichment.')) return;
  if (event.startsWith('asset.deleted')) {
    cards.get(id)?.remove();
    cards.delete(id);
  }
  soon();
}

/** Only while the tab is looked at: a browser has few connections for one server. */
async function listen() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    if (document.hidden || !keyForm.hidden) continue;
    soon();
    const leave = new AbortController();
    document.addEventListener('visibilitychange', () => leave.abort(), { once: true });
    await readEvents(onEvent, leave.signal).catch(() => undefined);
  }
}

$('#search').onsubmit = (event) => {
  event.preventDefault();
  go({ q: $('#q').value.trim() });
};
keyForm.onsubmit = (event) => {
  event.preventDefault();
  keepKey($('#secret').value);
  $('#secret').value = '';
  $('#pictures').focus();
  void search();
};
color.onclick = () => go({ colors: '' });
more.onclick = showMore;
trouble.querySelector('button').onclick = search;
window.onpopstate = search;

// What needs a key is opened with it.
addEventListener('click', async (event) => {
  const path = event.target.closest('a')?.getAttribute('href') ?? '';
  if (!hasKey() || !/^\/(api|media)\//.test(path)) return;
  event.preventDefault();
  const tab = window.open();
  try {
    const url = await blobUrl(path);
    tab.location = url;
    setTimeout(URL.revokeObjectURL, 60_000, url);
  } catch (error) {
    tab.close();
    failed(error);
  }
});
new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && showMore(), { rootMargin: '600px' }).observe(more);

$('#upload').textContent = `curl -F file=@picture.jpg ${location.origin}/api/assets`;
await search();
await listen();
