import type { Link } from './link.ts';
import { bare, inheriting, tokenOf, type Delayed, type Queued } from './record.ts';
import type { Shelf } from './shelf.ts';

/** Questions to the server on their way at once. */
const window = 256;

/**
 * What waits in a lane, due or delayed: one message for a key, in both shelves together. Whoever writes to one of them looks at
 * the other afterwards, so of two who write at once at least one sees both and takes one away. What moves is written to where it
 * goes before it is taken from where it was: a crash between doubles, and loses nothing.
 */
export class Line {
  readonly #link: Link;
  readonly #wait: Shelf<Queued>;
  readonly #later: Shelf<Delayed>;

  constructor(link: Link, wait: Shelf<Queued>, later: Shelf<Delayed>) {
    this.#link = link;
    this.#wait = wait;
    this.#later = later;
  }

  /** Adds what nothing of the same key waits for already; a delayed message of the key is brought forward instead. */
  async add(messages: readonly Queued[]): Promise<void> {
    const added = await inOrder(messages, async (message) => {
      const seq = await this.#wait.create(tokenOf(message.key), message);
      return seq === null ? [] : [{ token: tokenOf(message.key), seq }];
    });
    if (added.length === 0 || (await this.#later.count()) === 0) return;
    await inOrder(added, async ({ token, seq }) => {
      await this.#mergeDelayed(token, seq, (delayed) => delayed);
      return [];
    });
  }

  /** Adds what is due after `delayMs`; a message of the key that waits stays, due at the sooner of both times. */
  async addDelayed(messages: readonly Queued[], delayMs: number): Promise<void> {
    const dueAt = this.#link.clock.now() + delayMs;
    await inOrder(messages, async (message) => {
      await this.#writeDelayed({ ...message, dueAt }, (there, own) => (there.dueAt <= own.dueAt ? null : { ...there, dueAt }));
      return [];
    });
  }

  /**
   * A message that was in work waits again, now or after a delay. Where its key was published meanwhile, that newer message stays
   * alone, tried as often as this one, due at the sooner of both times. Answers where it lies when it waits now by itself.
   */
  async putBack(message: Queued, delayMs: number): Promise<number | null> {
    const token = tokenOf(message.key);
    if (delayMs > 0) {
      const dueAt = this.#link.clock.now() + delayMs;
      await this.#writeDelayed({ ...bare(message), dueAt }, (there, own) => ({
        ...inheriting(there, own),
        dueAt: Math.min(there.dueAt, own.dueAt),
      }));
      return null;
    }
    for (;;) {
      const seq = await this.#wait.create(token, bare(message));
      if (seq !== null) return this.#mergeDelayed(token, seq, (newer) => inheriting(newer, message));
      if (await this.#passOn(token, message)) return null;
    }
  }

  /** What has become due moves up. Nothing happens to what is no longer as it was at `seq`. */
  async due(message: Delayed, seq: number): Promise<void> {
    const token = tokenOf(message.key);
    const added = await this.#wait.create(token, bare(message));
    const moved = await this.#later.remove(seq);
    if (!moved && added !== null) await this.#wait.remove(added);
  }

  /** Takes back what was put where `putBack` has said. */
  async takeBack(seq: number): Promise<void> {
    await this.#wait.remove(seq);
  }

  async #writeDelayed(message: Delayed, merge: (there: Delayed, own: Delayed) => Delayed | null): Promise<void> {
    const token = tokenOf(message.key);
    for (;;) {
      let seq = await this.#later.create(token, message);
      if (seq === null) {
        const there = await this.#later.read(token);
        if (!there) continue;
        const merged = merge(there.record, message);
        if (!merged) return;
        seq = await this.#later.replace(token, there.seq, merged);
        if (seq === null) continue;
      }
      if (await this.#passOn(token, message)) await this.#later.remove(seq);
      return;
    }
  }

  /** Whether a message of the key waits, due; where this one has been tried, it now has been as often. */
  async #passOn(token: string, tried: Queued): Promise<boolean> {
    for (;;) {
      const there = await this.#wait.read(token);
      if (!there) return false;
      if (tried.deliveries === 0) return true;
      if ((await this.#wait.replace(token, there.seq, inheriting(there.record, tried))) !== null) return true;
    }
  }

  /** Of a message that waits at `seq` and a delayed one of its key, makes one that is due. Answers where it lies. */
  async #mergeDelayed(token: string, seq: number, merge: (delayed: Queued) => Queued): Promise<number | null> {
    const delayed = await this.#later.read(token);
    if (!delayed) return seq;
    const merged = await this.#wait.replace(token, seq, merge(bare(delayed.record)));
    await this.#later.remove(delayed.seq);
    return merged;
  }
}

/** Asks for all, in order, some at a time; the first failure ends it. */
async function inOrder<T, R>(items: readonly T[], ask: (item: T) => Promise<R[]>): Promise<R[]> {
  const answers: R[] = [];
  for (let from = 0; from < items.length; from += window) {
    answers.push(...(await Promise.all(items.slice(from, from + window).map(ask))).flat());
  }
  return answers;
}
