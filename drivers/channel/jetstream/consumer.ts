import { setTimeout as delay } from 'node:timers/promises';
import { lanes as allLanes, placesOf, type ConsumeOptions, type Consumer, type Lane } from '../port.ts';
import { warn } from './failure.ts';
import type { LaneQueue } from './lane.ts';
import { Parking } from './parking.ts';
import { pull, pullNow, type Handed, type Pull } from './pull.ts';
import type { Queued } from './record.ts';
import { startWork, type Handler, type Work } from './work.ts';

const defaults = { leaseMs: 30_000, maxDeliveries: 10, graceMs: 10_000 };
/** A lease is renewed over the network: a shorter one would be lost to any hiccup. */
const shortestLeaseMs = 2000;
/** How long an idle consumer's question stays with the server. */
const idleMs = 20_000;
const againMs = 1000;

/** A consumer as the channel sees it. */
export interface RunningConsumer extends Consumer {
  /** Gives back all in work at once. */
  letGo(): Promise<void>;
}

/** Takes what waits, lane by lane, as long as there are free places, and works on it. */
export function startConsumer(
  queues: Record<Lane, LaneQueue>,
  handler: Handler,
  { inFlight, lanes = () => allLanes, leaseMs = defaults.leaseMs, maxDeliveries = defaults.maxDeliveries }: ConsumeOptions,
): RunningConsumer {
  const inWork = new Set<Work>();
  /** Claims on their way, and settlements. */
  const busy = new Set<Promise<void>>();
  const parking = new Parking();
  /** An idle consumer waits in all lanes at once; one message comes too many where it has one place only. */
  const idling = new Map<Lane, Pull>();
  let taken = 0;
  let stopping = false;
  let woken = Promise.withResolvers<void>();

  const free = (): number => placesOf({ inFlight }) - taken;
  const open = (): Lane[] => allLanes.filter((lane) => lanes().includes(lane));
  const { link } = queues.interactive;
  const taking = run();

  function wake(): void {
    woken.resolve();
    woken = Promise.withResolvers<void>();
  }

  async function run(): Promise<void> {
    while (!stopping && !link.isClosed) {
      const change = woken.promise;
      try {
        if (free() > 0 && (await takeNow()) > 0 && free() > 0) continue;
        if (free() > 0) await idle();
        await change;
      } catch (error) {
        if (stopping || link.isClosed) return;
        warn('nothing can be taken from the queue, trying again in a second', error);
        await Promise.race([delay(againMs, undefined, { ref: false }), change]);
      }
    }
  }

  /** Fills the free places in the order of lanes; answers how many came. */
  async function takeNow(): Promise<number> {
    let came = 0;
    for (const lane of open()) {
      if (free() <= 0 || stopping) break;
      const messages = await pullNow<Queued>(link, queues[lane].sources.wait, free());
      came += messages.length;
      for (const message of messages) take(lane, message);
    }
    return came;
  }

  async function idle(): Promise<void> {
    await link.ready();
    for (const lane of open()) {
      if (stopping || idling.has(lane)) continue;
      const waiting = pull<Queued>(link, queues[lane].sources.wait, { batch: 1, waitMs: idleMs }, (message) =>
        take(lane, message),
      );
      idling.set(lane, waiting);
      void waiting.ended.then((end) => {
        idling.delete(lane);
        if (end === 'away') link.suspect();
        wake();
      });
    }
  }

  function take(lane: Lane, message: Handed<Queued>): void {
    if (free() <= 0 || stopping || !lanes().includes(lane)) {
      message.nak();
      return;
    }
    taken++;
    const done = work(lane, message)
      .catch((error: unknown) => {
        if (link.isClosed) return;
        warn('a message could not be taken, it will come again', error);
        message.nak(againMs);
      })
      .finally(() => {
        busy.delete(done);
        taken--;
        wake();
      });
    busy.add(done);
  }

  async function work(lane: Lane, message: Handed<Queued>): Promise<void> {
    const queue = queues[lane];
    const claim = await queue.claims.claim(message.record, message.seq, Math.max(leaseMs, shortestLeaseMs));
    if (claim === 'busy') {
      if (stopping) message.nak();
      else parking.park(message, queue.claims);
      return;
    }
    message.ack();
    if (claim === 'gone') return;
    if (stopping) {
      await queue.giveBack({ ...claim, record: { ...claim.record, ...message.record } });
      return;
    }
    const started = startWork({ lane, queue, claim, handler, maxDeliveries });
    inWork.add(started);
    await started.ended;
    inWork.delete(started);
  }

  /** Takes no more; what is on its way to us goes to others. */
  async function takeNoMore(): Promise<void> {
    stopping = true;
    wake();
    parking.clear();
    await Promise.all([...[...idling.values()].map((waiting) => waiting.cancel()), taking]);
  }

  async function letGo(): Promise<void> {
    await Promise.allSettled([...inWork].map((work) => work.letGo()));
  }

  return {
    wake() {
      // A question that waits at the server for a message of a lane that is closed now is taken back: others may still be asking.
      const now = open();
      for (const [lane, waiting] of idling) if (!now.includes(lane)) void waiting.cancel();
      wake();
    },

    async stop(graceMs = defaults.graceMs) {
      await takeNoMore();
      if (busy.size > 0 && graceMs > 0) {
        const grace = new AbortController();
        await Promise.race([Promise.all(busy), delay(graceMs, undefined, { signal: grace.signal }).catch(() => undefined)]);
        grace.abort();
      }
      await letGo();
      await Promise.all(busy);
    },

    async letGo() {
      // At once: with a server that is away, taking ends late.
      await Promise.all([takeNoMore(), letGo()]);
      await letGo();
      await Promise.all(busy);
    },
  };
}
