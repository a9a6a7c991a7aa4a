import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { ulid } from 'ulid';
import { lanes, placesOf, type Channel, type Consumer } from '../port.ts';
import { startConsumer, type RunningConsumer } from './consumer.ts';
import { closed } from './failure.ts';
import { openLane } from './lane.ts';
import { defaultLimits, layoutOf, type Limits } from './layout.ts';
import { Link } from './link.ts';
import { idOf, tokenOf, type Queued } from './record.ts';
import { deadLettersOf, revive, statsOf } from './survey.ts';
import { startTimers } from './timers.ts';

const closingMs = 5000;

export interface JetStreamOptions {
  /** `nats://[user:password@|token@]host:port`, several servers separated by commas; `tls://` asks for TLS. */
  url: string;
  /** Of the channel: what its streams and subjects begin with. Letters, digits, `-` and `_`. */
  name: string;
  /** Who this is, for people who look at the server. */
  nodeID?: string;
  /** Copies of each stream in a cluster. */
  replicas?: number;
  limits?: Partial<Limits>;
}

/**
 * A channel on NATS JetStream, shared by all nodes that open it under the same name. Its streams and consumers are made where they
 * are missing and updated where they are otherwise, also later, should the server lose them. Rejects with a ChannelError where the
 * server cannot be reached within ten seconds; once open, it waits for the server for ever.
 */
export async function openJetStream({
  url,
  name,
  nodeID = hostname(),
  replicas = 1,
  limits,
}: JetStreamOptions): Promise<Channel> {
  if (!/^[\w-]{1,64}$/.test(name)) throw new RangeError(`'${name}' is no name for a channel: use letters, digits, - and _`);
  const bounds = { ...defaultLimits, ...limits };
  const link = await Link.open(url, `vitrail ${nodeID}`, layoutOf(name, replicas, bounds));
  const queues = {
    interactive: openLane(link, name, 'interactive', nodeID),
    backfill: openLane(link, name, 'backfill', nodeID),
  };
  const timers = lanes.map((lane) => startTimers(queues[lane]));
  const consumers = new Set<RunningConsumer>();
  let closing: Promise<void> | undefined;

  const assertOpen = (): void => {
    if (closing) throw closed();
  };

  async function letGo(): Promise<void> {
    await Promise.all([...consumers].map((consumer) => consumer.letGo()));
    await Promise.all(timers.map((timer) => timer.stop()));
  }

  async function close(): Promise<void> {
    const patience = new AbortController();
    // Where there is no server, leases give back what we cannot.
    await Promise.race([letGo(), delay(closingMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
    await link.close();
  }

  function bounded(body: unknown): void {
    const bytes = Buffer.byteLength(JSON.stringify(body) ?? '');
    if (bytes > bounds.messageBytes) {
      throw new RangeError(`a message of ${bytes} bytes is too large: ${bounds.messageBytes} are taken`);
    }
  }

  return {
    async publish(messages, { delayMs = 0 } = {}) {
      assertOpen();
      const unknown = messages.find(({ lane }) => !lanes.includes(lane));
      if (unknown) throw new RangeError(`there is no lane '${unknown.lane}': use ${lanes.join(' or ')}`);
      for (const { body, key } of messages) bounded([key, body]);
      for (const lane of lanes) {
        const own = messages
          .filter((message) => message.lane === lane)
          .map(({ key, body }): Queued => ({ id: idOf(lane, tokenOf(key), ulid()), key, body, deliveries: 0, failures: 0 }));
        if (delayMs > 0) await queues[lane].line.addDelayed(own, delayMs);
        else await queues[lane].line.add(own);
      }
    },

    async consume(handler, options): Promise<Consumer> {
      assertOpen();
      placesOf(options);
      const consumer = startConsumer(queues, handler, options);
      consumers.add(consumer);
      return {
        wake: consumer.wake,
        async stop(graceMs) {
          await consumer.stop(graceMs);
          consumers.delete(consumer);
        },
      };
    },

    async stats() {
      assertOpen();
      return statsOf(link, queues);
    },

    async deadLetters({ limit = 100 } = {}) {
      assertOpen();
      return deadLettersOf(queues, limit);
    },

    async revive(ids) {
      assertOpen();
      return revive(queues, ids);
    },

    close: () => (closing ??= close()),
  };
}
