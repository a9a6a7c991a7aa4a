import { setImmediate } from 'node:timers/promises';

/** Long work in short steps, one after the other, between which requests are answered. */
export class Background {
  #last: Promise<void> = Promise.resolve();
  #stopped = false;

  add(steps: Iterable<void>): void {
    this.#last = this.#last.then(() => this.#run(steps));
    // Told to whoever asks by done().
    this.#last.catch(() => undefined);
  }

  async #run(steps: Iterable<void>): Promise<void> {
    const iterator = steps[Symbol.iterator]();
    while (!this.#stopped && !iterator.next().done) await setImmediate();
  }

  /** Resolves when everything added so far, and meanwhile, is through; rejects when some of it failed or was stopped. */
  async done(): Promise<void> {
    for (let last; last !== this.#last;) {
      last = this.#last;
      await last;
    }
    if (this.#stopped) throw new Error('the search index is closed');
  }

  stop(): void {
    this.#stopped = true;
  }
}
