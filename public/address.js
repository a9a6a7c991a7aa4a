// @ts-check
import { computed, signal } from '@preact/signals';

/** Every state of the page has an address: this is the one that is shown. */
export const address = signal(here());

function here() {
  return { path: location.pathname, search: location.search };
}

/** Parameters that say how the page looks; the others are the search's, under the names that the API gives them. */
const ofThePage = ['panel'];

export const params = computed(() => new URLSearchParams(address.value.search));

/** @typedef {{ view: 'library' } | { view: 'asset', id: string } | { view: 'operations' }} Route */

export const route = computed(() => {
  const { path } = address.value;
  const [, id] = /^\/assets\/(\w+)$/.exec(path) ?? [];
  /** @type {Route} */
  const found = id ? { view: 'asset', id } : path === '/operations' ? { view: 'operations' } : { view: 'library' };
  return found;
});

/** What is searched for, as a query of `/api/search`; the same search is the same text. On Operations it stays as it was. */
export const query = computed(() => {
  if (route.value.view === 'operations') return lastQuery;
  const wanted = [...params.value].filter(([name, value]) => !ofThePage.includes(name) && value !== '');
  lastQuery = new URLSearchParams(wanted).toString();
  return lastQuery;
});
let lastQuery = '';

/**
 * The address of a state. Parameters with nothing in them are left out.
 * @param {string} path
 * @param {Iterable<[string, string]> | Record<string, string | undefined>} parameters
 */
export function hrefOf(path, parameters) {
  const entries = Symbol.iterator in parameters ? [...parameters] : Object.entries(parameters);
  const text = new URLSearchParams(entries.filter(([, value]) => value).map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

/**
 * The library with some parameters of this search changed; undefined takes one out.
 * @param {Record<string, string | undefined>} changes
 */
export function searchHref(changes) {
  const now = route.value.view === 'operations' ? new URLSearchParams(query.value) : params.value;
  return hrefOf('/', { ...Object.fromEntries(now), ...changes });
}

/** @param {string} id an asset, within the search that is shown */
export const assetHref = (id) => `/assets/${id}${query.value ? `?${query.value}` : ''}`;

/**
 * @param {string} href
 * @param {{ replace?: boolean }} [options] replace: in place of this state, so that Back does not lead here
 */
export function go(href, { replace = false } = {}) {
  if (href === address.value.path + address.value.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  address.value = here();
}

/** Follows the browser's Back and Forward, and links within the page. */
export function followAddresses() {
  addEventListener('popstate', () => (address.value = here()));
  addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const elsewhere =
      event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.defaultPrevented;
    if (!link || elsewhere || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (/^\/(api|media)\//.test(link.pathname)) return;
    event.preventDefault();
    if (link.hash && link.pathname === location.pathname) return document.querySelector(link.hash)?.scrollIntoView();
    go(link.pathname + link.search);
  });
}
