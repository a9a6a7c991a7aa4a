// @ts-check

/** Only the last that came are waited for: of those before them nobody can tell whether they are further down. */
const most = 50;
/** Rests before each look at one that was not there, in ms. After the last it does not fit what is searched for. */
const rests = [500, 1000, 2000, 4000, 8000];
/** What changes of it may make it fit: it is looked for again as if so many looks had been made. */
const afterChange = 2;

/** @typedef {{ looks: number, dueAt: number, told: boolean }} Wait `told`: counted among those that are not shown */

/** Assets that have come and that no answer holds yet: the index takes them up a moment after they were told of. Times are ms of one clock. */
export class Awaited {
  /** @type {Map<string, Wait>} by id, the latest last */
  #waits = new Map();

  /** @param {string} id @param {number} now */
  add(id, now) {
    this.#waits.delete(id);
    this.#waits.set(id, { looks: 0, dueAt: now + (rests[0] ?? 0), told: false });
    if (this.#waits.size > most) this.remove(/** @type {string} */ (this.#waits.keys().next().value));
  }

  /** @param {string} id @param {number} now */
  changed(id, now) {
    const wait = this.#waits.get(id);
    if (!wait) return;
    wait.looks = Math.min(wait.looks, afterChange);
    wait.dueAt = Math.min(wait.dueAt, now + (rests[afterChange] ?? 0));
  }

  /** @param {string} id */
  remove(id) {
    this.#waits.delete(id);
  }

  /** Notes an answer. @param {(id: string) => boolean} isThere @param {number} now */
  looked(isThere, now) {
    for (const [id, wait] of this.#waits) {
      const rest = rests[(wait.looks += 1)];
      if (isThere(id) || rest === undefined) this.remove(id);
      else wait.dueAt = now + rest;
    }
  }

  /** How many are not shown that were not counted as such before. */
  countUntold() {
    const untold = [...this.#waits.values()].filter(({ told }) => !told);
    for (const wait of untold) wait.told = true;
    return untold.length;
  }

  /** When the next is to be looked for; Infinity where none is awaited. */
  get dueAt() {
    return Math.min(Infinity, ...[...this.#waits.values()].map(({ dueAt }) => dueAt));
  }
}
