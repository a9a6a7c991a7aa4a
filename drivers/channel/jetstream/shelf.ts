import type { Lane } from '../port.ts';
import { full, isConflict, isFull, isNoMessage } from './failure.ts';
import { streamOf, subjectOf, type ShelfName } from './layout.ts';
import type { Link } from './link.ts';
import type { Queued } from './record.ts';

/** A record and where it lies: the sequence names this state of it, any change gives another. */
export interface Kept<R> {
  seq: number;
  record: R;
}

/** One stream as a table with one record for each key, changed by compare-and-set on its sequence. Rejects with ChannelErrors. */
export class Shelf<R extends Queued> {
  readonly stream: string;
  readonly #link: Link;
  readonly #subjectOf: (token: string) => string;

  constructor(link: Link, name: string, lane: Lane, shelf: ShelfName) {
    this.#link = link;
    this.stream = streamOf(name, lane, shelf);
    this.#subjectOf = (token) => subjectOf(name, lane, shelf, token);
  }

  /** The sequence; null where the key has a record already. */
  create(token: string, record: R): Promise<number | null> {
    return this.#put(token, record, 0);
  }

  /** The new sequence; null where the record is not any more as it was at `seq`. */
  replace(token: string, seq: number, record: R): Promise<number | null> {
    return this.#put(token, record, seq, this.#link.epoch);
  }

  /** Whatever was there. */
  async set(token: string, record: R): Promise<void> {
    await this.#link.ask(() => this.#publish(token, record));
  }

  read(token: string): Promise<Kept<R> | null> {
    return this.#link.ask(async () => {
      try {
        const found = await this.#link.jsm.streams.getMessage(this.stream, { last_by_subj: this.#subjectOf(token) });
        return { seq: found.seq, record: found.json<R>() };
      } catch (error) {
        if (isNoMessage(error)) return null;
        throw error;
      }
    });
  }

  /** Whether it was there still, as it was at `seq`; also true where that cannot be told any more. */
  remove(seq: number, epoch: number = this.#link.epoch): Promise<boolean> {
    return this.#link.ask(async (again) => {
      try {
        return await this.#link.jsm.streams.deleteMessage(this.stream, seq, false);
      } catch (error) {
        if (isNoMessage(error)) return again;
        throw error;
      }
    }, epoch);
  }

  async count(): Promise<number> {
    const { state } = await this.#link.ask(() => this.#link.jsm.streams.info(this.stream));
    return state.messages;
  }

  async #put(token: string, record: R, expected: number, epoch?: number): Promise<number | null> {
    try {
      return await this.#link.ask(() => this.#publish(token, record, expected), epoch);
    } catch (error) {
      if (isConflict(error)) return null;
      throw error;
    }
  }

  async #publish(token: string, record: R, expected?: number): Promise<number> {
    try {
      const options = expected === undefined ? {} : { expect: { lastSubjectSequence: expected } };
      const { seq } = await this.#link.js.publish(this.#subjectOf(token), JSON.stringify(record), options);
      return seq;
    } catch (error) {
      if (isFull(error)) throw full();
      throw error;
    }
  }
}
