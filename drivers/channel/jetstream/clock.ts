import type { StreamInfo } from 'nats';

/** The client's types leave out when an answer was written; servers since 2.10 say it. */
type Dated = StreamInfo & { ts?: string };

/** An answer that took longer says too little of the moment when it was written. */
const slowMs = 500;

/** The server's clock, by which all times on the streams go: those of nodes may differ. */
export class ServerClock {
  #ahead = 0;
  #known = false;

  /** Learns from the answers to questions that were sent at `sentAt` (ms, our clock) and have just come. */
  observe(infos: readonly Dated[], sentAt: number): void {
    const times = infos.map(({ ts }) => Date.parse(ts ?? '')).filter(Number.isFinite);
    const now = Date.now();
    if (times.length === 0 || (this.#known && now - sentAt > slowMs)) return;
    this.#known = true;
    this.#ahead = Math.max(...times) - (sentAt + now) / 2;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#ahead;
  }
}
