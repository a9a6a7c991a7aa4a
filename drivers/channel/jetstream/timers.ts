import { warn } from './failure.ts';
import type { LaneQueue } from './lane.ts';
import { pull, pullNow, type Handed, type Pull } from './pull.ts';
import { bare, type Delayed, type Working } from './record.ts';

const batch = 100;
/** How long a question for what becomes due stays with the server. */
const waitMs = 20_000;
/** How often it is looked after leases that were not renewed. */
const sweepMs = 1000;
/** What is far away is looked at this often. */
const longestNakMs = 3_600_000;

export interface Timers {
  stop(): Promise<void>;
}

/**
 * Looks after time in a lane, in every open channel: what is due moves up, and what is in work beyond its lease comes back. The
 * server hands each message out and keeps it until the moment that it is put off to; who gets it then looks again.
 */
export function startTimers(queue: LaneQueue): Timers {
  const { link } = queue;
  let stopped = false;
  let waiting: Pull | undefined;

  async function moveDue(message: Handed<Delayed>): Promise<void> {
    const leftMs = message.record.dueAt - link.clock.now();
    if (leftMs > 0 || stopped) {
      message.nak(Math.min(Math.max(0, leftMs), longestNakMs));
      return;
    }
    await queue.line.due(message.record, message.seq);
    message.ack();
  }

  async function bringBack(message: Handed<Working>): Promise<void> {
    const { record, seq, at } = message;
    const leftMs = at + record.leaseMs - link.clock.now();
    if (leftMs > 0) {
      message.nak(leftMs);
      return;
    }
    await queue.giveBack({ record: { ...record, ...bare(record) }, seq, epoch: link.epoch });
    message.ack();
  }

  /** The message stays with us until the consumer's ack_wait is over, then somebody tries again. */
  const failed = (error: unknown): void => {
    if (!stopped && !link.isClosed) warn("the queue's clockwork failed, and goes on", error);
  };

  async function watchDelayed(): Promise<void> {
    while (!stopped) {
      try {
        await link.ready();
        if (stopped) return;
        waiting = pull<Delayed>(link, queue.sources.later, { batch, waitMs }, (message) => void moveDue(message).catch(failed));
        if ((await waiting.ended) === 'away') link.suspect();
      } catch {
        // The link says so itself, and is waited for.
        if (link.isClosed) return;
      }
    }
  }

  async function sweep(): Promise<void> {
    for (let more = true; more && !stopped;) {
      const lapsed = await pullNow<Working>(link, queue.sources.work, batch);
      await Promise.all(lapsed.map(bringBack));
      more = lapsed.length === batch;
    }
  }

  let sweeping: Promise<void> | undefined;
  const sweeper = setInterval(() => {
    sweeping ??= sweep()
      .catch(failed)
      .finally(() => (sweeping = undefined));
  }, sweepMs).unref();
  const watching = watchDelayed();

  return {
    async stop() {
      stopped = true;
      clearInterval(sweeper);
      await waiting?.cancel();
      await Promise.allSettled([watching, sweeping]);
    },
  };
}
