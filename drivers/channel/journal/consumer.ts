import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../backoff.ts';
import {
  type ConsumeOptions,
  type Consumer,
  type Delivery,
  type Lane,
  lanes as allLanes,
  placesOf,
  type Verdict,
} from '../port.ts';
import type { Claimed, Queue } from './queue.ts';

const defaults = { leaseMs: 30_000, maxDeliveries: 10, graceMs: 10_000 };
const longestReason = 2000;

/** A consumer as the dispatcher sees it. */
export interface WorkingConsumer extends Consumer {
  /** How many more messages it would take now. */
  free(): number;
  lanes(): readonly Lane[];
  take(message: Claimed): void;
  /** Gives everything in work back at once. */
  letGo(): void;
}

/**
 * Runs the handler on what it is given, and settles each message by its verdict. `onFree` is called whenever there may be
 * something to take: a place is free, or a message waits again.
 */
export function startConsumer(
  queue: Queue,
  handler: (delivery: Delivery) => Promise<Verdict>,
  { inFlight, lanes = () => allLanes, leaseMs = defaults.leaseMs, maxDeliveries = defaults.maxDeliveries }: ConsumeOptions,
  onFree: () => void,
): WorkingConsumer {
  const inWork = new Map<number, AbortController>();
  const idle = Promise.withResolvers<void>();
  let stopping = false;

  // The lease itself needs no renewing; it is lost only to another process that opens the same file.
  const heartbeat = setInterval(
    () => {
      const owned = inWork.size > 0 ? ownedOf([...inWork.keys()]) : null;
      if (!owned) return;
      for (const id of [...inWork.keys()])
        if (!owned.has(id)) forget(id, 'the lease was lost: another process opened the journal');
    },
    Math.max(10, leaseMs / 3),
  ).unref();

  /** Null where it cannot be told now: then the next heartbeat tells. */
  function ownedOf(ids: number[]): Set<number> | null {
    try {
      return queue.owned(ids);
    } catch (error) {
      process.emitWarning(`the channel's journal cannot be read: ${String(error)}`);
      return null;
    }
  }

  function ended(id: number): void {
    inWork.delete(id);
    if (stopping && inWork.size === 0) idle.resolve();
  }

  function forget(id: number, why: string): void {
    const abort = inWork.get(id);
    ended(id);
    abort?.abort(new Error(why));
  }

  async function settlementOf(message: Claimed, signal: AbortSignal): Promise<() => void> {
    const { id, lane, key, deliveries, failures } = message;
    try {
      const verdict = await handler({ id: String(id), lane, key, body: JSON.parse(message.body) as unknown, deliveries, signal });
      if (verdict === 'done') return () => queue.done(id);
      const dueAt = Date.now() + Math.max(0, verdict.againInMs);
      return () => queue.putBack(id, Math.ceil(dueAt), false);
    } catch (error) {
      const reason = String(error).slice(0, longestReason);
      if (failures + 1 >= maxDeliveries) return () => queue.bury(id, reason, Date.now());
      const dueAt = Date.now() + backoffMs(failures + 1);
      return () => queue.putBack(id, dueAt, true);
    }
  }

  async function work(message: Claimed, abort: AbortController): Promise<void> {
    const settle = await settlementOf(message, abort.signal);
    // Where it was let go of meanwhile, it is no longer ours to settle.
    while (inWork.get(message.id) === abort) {
      try {
        settle();
        ended(message.id);
      } catch (error) {
        process.emitWarning(`the channel's journal cannot be written, trying again in a second: ${String(error)}`);
        await delay(1000);
      }
    }
    onFree();
  }

  function letGo(): void {
    queue.release([...inWork.keys()]);
    for (const id of [...inWork.keys()]) forget(id, 'the consumer has stopped: the message will be delivered again');
    onFree();
  }

  return {
    free: () => (stopping ? 0 : placesOf({ inFlight }) - inWork.size),
    lanes,
    wake: onFree,

    take(message) {
      const abort = new AbortController();
      inWork.set(message.id, abort);
      void work(message, abort);
    },

    letGo() {
      stopping = true;
      clearInterval(heartbeat);
      letGo();
      idle.resolve();
    },

    async stop(graceMs = defaults.graceMs) {
      stopping = true;
      if (inWork.size > 0) {
        const grace = setTimeout(() => idle.resolve(), graceMs);
        await idle.promise;
        clearTimeout(grace);
      }
      clearInterval(heartbeat);
      if (inWork.size > 0) letGo();
    },
  };
}
