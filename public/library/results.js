// @ts-check
import { signal } from '@preact/signals';
import { each, read } from '../server.js';
import { cardOf } from './card.js';

/** @typedef {import('./card.js').Card} Card */
/** @typedef {{ cursor: string | undefined, first: number, count: number, cards: Card[] | undefined }} Page */

export const pageSize = 100;
/** Pages whose cards are kept; those of others are asked for again when they come into view. Their shapes stay, so that nothing moves. */
const keptPages = 30;

/** What a search finds: pages that come as they are wanted, forwards by cursor. */
export class Results {
  /** All there are; undefined until the first page is there. */
  total = signal(/** @type {number | undefined} */ (undefined));
  /** Rises whenever there is something else to show. */
  version = signal(0);
  error = signal(/** @type {import('../server.js').ServerError | undefined} */ (undefined));
  /** Width by height of each that has come: a list that grows. @type {number[]} */
  ratios = [];
  complete = false;

  /** @type {Page[]} */
  #pages = [];
  /** @type {string | undefined} */
  #next;
  #loading = false;
  #leave = new AbortController();
  /** @type {Map<string, number>} index by id, of cards that are kept */
  #indexes = new Map();
  /** @type {Set<number>} */
  #coming = new Set();

  /** @param {string} query */
  constructor(query) {
    this.query = query;
  }

  /** Before anything has been asked. */
  static none() {
    const results = new Results('');
    results.complete = true;
    return results;
  }

  /** Asks for the next page, unless it is on its way or there is none. */
  async more() {
    if (this.#loading || this.complete) return;
    this.#loading = true;
    try {
      const page = await this.#ask(this.#next);
      this.#add(page);
      this.error.value = undefined;
    } catch (error) {
      if (!this.#leave.signal.aborted) this.error.value = /** @type {import('../server.js').ServerError} */ (error);
    } finally {
      this.#loading = false;
    }
  }

  /** @param {string | undefined} cursor @returns {Promise<import('../types.d.ts').SearchPage>} */
  #ask(cursor) {
    const parameters = new URLSearchParams(this.query);
    parameters.set('limit', String(pageSize));
    parameters.set('facets', 'none');
    if (cursor) parameters.set('cursor', cursor);
    return read(`/api/search?${parameters}`, { signal: this.#leave.signal });
  }

  /** @param {import('../types.d.ts').SearchPage} page */
  #add({ items, total, next }) {
    // Whatever came twice, because it changed its place meanwhile, is shown once.
    const cards = items.filter(({ id }) => !this.#indexes.has(id)).map(cardOf);
    const first = this.ratios.length;
    this.#pages.push({ cursor: this.#next, first, count: cards.length, cards });
    this.#remember(first, cards);
    this.ratios.push(...cards.map(({ ratio }) => ratio));
    this.#next = next ?? undefined;
    this.complete = next === null;
    this.total.value = Math.max(total, this.ratios.length);
    this.version.value++;
  }

  /** @param {number} first @param {readonly Card[]} cards */
  #remember(first, cards) {
    cards.forEach(({ id }, offset) => this.#indexes.set(id, first + offset));
  }

  /** @param {number} index */
  #pageOf(index) {
    return this.#pages.findLastIndex(({ first }) => first <= index);
  }

  /** The card at a place; undefined while it is not here. @param {number} index @returns {Card | undefined} */
  at(index) {
    const page = this.#pages[this.#pageOf(index)];
    return page?.cards?.[index - page.first];
  }

  /** The place of an asset; -1 where it is not among those that are here. @param {string} id */
  indexOf(id) {
    return this.#indexes.get(id) ?? -1;
  }

  /**
   * Says what is in view: what of it had been let go of comes again, and what is far from it goes.
   * @param {number} from index
   * @param {number} to index
   */
  want(from, to) {
    const [low, high] = [this.#pageOf(from), this.#pageOf(Math.max(from, to - 1))];
    for (let at = Math.max(0, low); at <= high; at++) if (!this.#pages[at]?.cards) void this.#bringBack(at);
    const kept = this.#pages.flatMap((page, at) => (page.cards ? [at] : []));
    const far = kept.sort((a, b) => Math.abs(b - low) - Math.abs(a - low)).slice(0, Math.max(0, kept.length - keptPages));
    for (const at of far) this.#letGo(/** @type {Page} */ (this.#pages[at]));
  }

  /** @param {Page} page */
  #letGo(page) {
    for (const { id } of page.cards ?? []) this.#indexes.delete(id);
    page.cards = undefined;
  }

  /** @param {number} at */
  async #bringBack(at) {
    const page = this.#pages[at];
    if (!page || this.#coming.has(at)) return;
    this.#coming.add(at);
    try {
      const { items } = await this.#ask(page.cursor);
      // Should some have gone since, their places stay empty until the search is made anew.
      page.cards = items
        .filter(({ id }) => !this.#indexes.has(id))
        .slice(0, page.count)
        .map(cardOf);
      this.#remember(page.first, page.cards);
      this.version.value++;
    } catch {
      // It is asked for again when the view moves.
    } finally {
      this.#coming.delete(at);
    }
  }

  /** Reads assets anew that have changed, where they are here. @param {Iterable<string>} ids */
  async refresh(ids) {
    const known = [...ids].filter((id) => this.#indexes.has(id));
    await each(known, 4, async (id) => {
      const asset = await read(`/api/assets/${id}`).catch(() => undefined);
      const index = this.indexOf(id);
      const page = this.#pages[this.#pageOf(index)];
      if (!asset || !page?.cards || index < 0) return;
      page.cards[index - page.first] = cardOf(asset);
      this.version.value++;
    });
  }

  /** Nobody looks at it any more. */
  leave() {
    this.#leave.abort();
  }
}
