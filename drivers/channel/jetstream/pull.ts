import { createInbox, nanos, type Msg } from 'nats';
import type { Link } from './link.ts';

/** A message as a consumer hands it out: to be settled in one way, or renewed, within the consumer's ack_wait. */
export interface Handed<R> {
  record: R;
  seq: number;
  /** When it was written, in ms of the server's clock. */
  at: number;
  ack(): void;
  /** Hand out again: at once, or after a delay in ms. */
  nak(delayMs?: number): void;
  working(): void;
}

/** `over`: as many as asked for, or no more there; `away`: nobody will answer this any more. */
export type PullEnd = 'over' | 'away';

export interface Pull {
  ended: Promise<PullEnd>;
  /** Resolves when nothing more will come. */
  cancel(): Promise<void>;
}

export interface Source {
  stream: string;
  durable: string;
}

/** The statuses that end a pull in good order: no messages, and time is up. */
const orderly = [404, 408];
/** How much longer than asked for to wait for an answer, in ms. */
const marginMs = 4000;

/** Asks a consumer for up to `batch` messages: what is there, or with `waitMs` also what comes in this time. */
export function pull<R>(
  link: Link,
  { stream, durable }: Source,
  { batch, waitMs = 0 }: { batch: number; waitMs?: number },
  onMessage: (message: Handed<R>) => void,
): Pull {
  const { promise, resolve } = Promise.withResolvers<PullEnd>();
  const inbox = createInbox();
  let left = batch;
  const subscription = link.nc.subscribe(inbox, {
    callback(error, message) {
      if (error) end('away');
      else if (message.headers && message.headers.code > 0) end(orderly.includes(message.headers.code) ? 'over' : 'away');
      else {
        const own = handed<R>(message);
        if (own) onMessage(own);
        if (--left === 0) end('over');
      }
    },
  });
  const timer = setTimeout(() => end('away'), waitMs + marginMs);
  const forget = link.onDown(() => end('away'));

  function end(how: PullEnd): void {
    clearTimeout(timer);
    forget();
    if (!subscription.isClosed() && !subscription.isDraining()) subscription.unsubscribe();
    resolve(how);
  }

  const request = waitMs > 0 ? { batch, expires: nanos(waitMs) } : { batch, no_wait: true };
  link.nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, JSON.stringify(request), { reply: inbox });

  return {
    ended: promise,
    async cancel() {
      // What the server has sent until it reads this still comes, and is handed over.
      if (!subscription.isClosed() && !subscription.isDraining()) await subscription.drain().catch(() => undefined);
      end('over');
    },
  };
}

/** What is there now. Rejects, for another try, where nobody answers. */
export async function pullNow<R>(link: Link, source: Source, batch: number): Promise<Handed<R>[]> {
  const messages: Handed<R>[] = [];
  await link.ready();
  const end = await pull<R>(link, source, { batch }, (message) => messages.push(message)).ended;
  if (end === 'away') link.suspect();
  return messages;
}

/** The reply subject says what the message is: `$JS.ACK.[domain.account.]stream.consumer.deliveries.seq.seq.time.pending` (ADR-15). */
function handed<R>(message: Msg): Handed<R> | null {
  const tokens = (message.reply ?? '').split('.');
  const at = tokens.length > 9 ? 7 : 5;
  const settle = (how: string): void => void message.respond(how);
  let record: R;
  try {
    record = message.json<R>();
  } catch {
    settle('+TERM it is none of ours');
    return null;
  }
  return {
    record,
    seq: Number(tokens[at]),
    at: Number(tokens[at + 2]) / 1e6,
    ack: () => settle('+ACK'),
    nak: (delayMs) => settle(delayMs ? `-NAK ${JSON.stringify({ delay: nanos(Math.ceil(delayMs)) })}` : '-NAK'),
    working: () => settle('+WPI'),
  };
}
