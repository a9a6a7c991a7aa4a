// @ts-check

/** Only the last that came are waited for: of those before them nobody can tell whether they are further down. */
const most = 50;
/** Looked for so often in vain, an asset does not fit what is searched for. */
const tries = 5;
/** Between the news of an asset and the first look, in ms; from one look to the next it doubles. */
export const shortestMs = 500;

/** Assets that have come and that no answer holds yet: the index takes them up a moment after they were told of. */
export class Awaited {
  /** @type {Map<string, number>} looks in vain, by id, the latest last */
  #looks = new Map();

  /** @param {string} id */
  add(id) {
    this.#looks.delete(id);
    this.#looks.set(id, 0);
    if (this.#looks.size > most) this.remove(/** @type {string} */ (this.#looks.keys().next().value));
  }

  /** What has become of it may make it fit the search. @param {string} id */
  changed(id) {
    if (this.#looks.has(id)) this.#looks.set(id, 0);
  }

  /** @param {string} id */
  remove(id) {
    this.#looks.delete(id);
  }

  clear() {
    this.#looks.clear();
  }

  /** Notes a look. @param {(id: string) => boolean} isThere */
  looked(isThere) {
    for (const [id, looks] of this.#looks)
      if (isThere(id) || looks + 1 === tries) this.remove(id);
      else this.#looks.set(id, looks + 1);
  }

  /** When to look again, in ms; undefined where none is awaited. */
  get restMs() {
    return this.#looks.size > 0 ? shortestMs * 2 ** Math.min(...this.#looks.values()) : undefined;
  }
}
