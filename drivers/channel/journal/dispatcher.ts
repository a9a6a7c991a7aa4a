import type { Queue } from './queue.ts';
import type { WorkingConsumer } from './consumer.ts';
import { lanes } from '../port.ts';

/** So few at once that a claim stays far below 10 ms on the event loop. */
const batch = 8;
const longestTimerMs = 2 ** 31 - 1;

/** Hands what is due to consumers with free places: when woken, and by one timer when the next message becomes due. */
export class Dispatcher {
  readonly #queue: Queue;
  readonly #consumers = new Set<WorkingConsumer>();
  #turn: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  add(consumer: WorkingConsumer): void {
    this.#consumers.add(consumer);
    this.wake();
  }

  delete(consumer: WorkingConsumer): void {
    this.#consumers.delete(consumer);
  }

  /** There may be something to do: looked after once, after what is running now. */
  wake(): void {
    if (this.#closed) return;
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      try {
        this.#dispatch(Date.now());
      } catch (error) {
        process.emitWarning(`the channel's journal cannot be read, trying again in a second: ${String(error)}`);
        this.#wakeIn(1000);
      }
    });
  }

  /** Takes what is in work from all consumers, and does nothing more. */
  close(): void {
    for (const consumer of this.#consumers) consumer.letGo();
    this.#closed = true;
    clearImmediate(this.#turn);
    clearTimeout(this.#timer);
  }

  #dispatch(now: number): void {
    let more = false;
    for (const consumer of this.#consumers) {
      const wanted = Math.min(batch, consumer.free());
      if (wanted <= 0) continue;
      const claimed = this.#queue.claim(wanted, now, consumer.lanes());
      for (const message of claimed) consumer.take(message);
      more ||= claimed.length === wanted && consumer.free() > 0;
    }
    clearTimeout(this.#timer);
    if (more) {
      this.wake();
      return;
    }
    const willing = [...this.#consumers].filter((consumer) => consumer.free() > 0);
    const open = lanes.filter((lane) => willing.some((consumer) => consumer.lanes().includes(lane)));
    if (open.length === 0) return;
    const dueAt = this.#queue.nextDueAt(now, open);
    if (dueAt !== null) this.#wakeIn(dueAt - Date.now());
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), Math.min(Math.max(0, ms), longestTimerMs));
  }
}
