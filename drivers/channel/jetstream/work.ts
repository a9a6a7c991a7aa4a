import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../backoff.ts';
import type { Delivery, Lane, Verdict } from '../port.ts';
import type { Claim } from './claims.ts';
import { warn } from './failure.ts';
import type { LaneQueue } from './lane.ts';
import { LostData } from './link.ts';

const longestReason = 2000;

export type Handler = (delivery: Delivery) => Promise<Verdict>;

/** One message in work. */
export interface Work {
  /** Resolves, never rejects, when the message is settled, or is no longer ours to settle. */
  ended: Promise<void>;
  /** Gives it back where its handler is still at it. */
  letGo(): Promise<void>;
}

interface Options {
  lane: Lane;
  queue: LaneQueue;
  claim: Claim;
  handler: Handler;
  maxDeliveries: number;
}

/** Runs the handler, renews the claim while it runs, and settles the message by the verdict. */
export function startWork({ lane, queue, claim, handler, maxDeliveries }: Options): Work {
  const { record } = claim;
  const abort = new AbortController();
  /** Whether handler or channel have had the last word on it. */
  let decided = false;
  const letGo = Promise.withResolvers<void>();

  // One at a time: each changes where the claim lies. One that fails says nothing of the claim: the next will tell.
  let renewing: Promise<void> | undefined;
  const heartbeat = setInterval(() => {
    renewing ??= renew()
      .catch(() => undefined)
      .finally(() => (renewing = undefined));
  }, record.leaseMs / 3).unref();

  async function renew(): Promise<void> {
    if (decided || (await queue.claims.renew(claim)) || decided) return;
    drop('the lease was lost: the message is delivered to another');
  }

  function drop(why: string): void {
    decided = true;
    clearInterval(heartbeat);
    abort.abort(new Error(why));
    letGo.resolve();
  }

  /** What is left to do before the claim ends; answers whether that is still ours to end. */
  async function settlement(): Promise<() => Promise<boolean>> {
    const { id, key, body, deliveries, failures } = record;
    try {
      const verdict = await handler({ id, lane, key, body, deliveries, signal: abort.signal });
      if (verdict === 'done') return async () => true;
      return held(() => queue.line.putBack(record, verdict.againInMs));
    } catch (error) {
      const failed = { ...record, failures: failures + 1 };
      const reason = String(error).slice(0, longestReason);
      if (failures + 1 >= maxDeliveries) return held(() => queue.bury(failed, reason));
      return held(() => queue.line.putBack(failed, backoffMs(failures + 1)));
    }
  }

  const held = (write: () => Promise<unknown>) => async (): Promise<boolean> => {
    if (!(await queue.claims.holds(claim))) return false;
    await write();
    return true;
  };

  async function run(): Promise<void> {
    const settle = await settlement();
    if (decided) return;
    decided = true;
    clearInterval(heartbeat);
    await renewing;
    while (!queue.link.isClosed) {
      try {
        if (await settle()) await queue.claims.finish(claim);
        return;
      } catch (error) {
        if (error instanceof LostData || queue.link.isClosed) return;
        warn('a message cannot be settled, trying again in a second', error);
        await delay(1000, undefined, { ref: false });
      }
    }
  }

  return {
    ended: Promise.race([run(), letGo.promise]),
    async letGo() {
      if (decided) return;
      drop('the consumer has stopped: the message will be delivered again');
      await renewing;
      await queue.giveBack(claim);
    },
  };
}
