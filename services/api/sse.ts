import type { IncomingMessage, ServerResponse } from 'node:http';
import { setInterval } from 'node:timers';
import type { EventHub } from './event-hub.ts';
import type { Sent } from './event-ring.ts';
import type { Room } from './rooms.ts';

export interface SseOptions {
  /** How often a comment shows clients and proxies that the connection lives, in ms. */
  heartbeatMs?: number;
  /** A client with more than this many bytes unread is dropped: it comes back and is told what it missed. */
  maxUnread?: number;
}

export interface SseWish {
  rooms: ReadonlySet<Room>;
  /** The last event that the client had, if it had one. */
  since: string | undefined;
}

/** Makes an answer a stream of server-sent events (HTML standard, 9.2) of some rooms. @throws server.busy */
export type Sse = (req: IncomingMessage, res: ServerResponse, wish: SseWish) => void;

export function sse(hub: EventHub, { heartbeatMs = 15_000, maxUnread = 256 * 1024 }: SseOptions = {}): Sse {
  const frame = (sent: Sent): string => `id: ${hub.idOf(sent)}\nevent: ${sent.name}\ndata: ${sent.data}\n\n`;

  return (req, res, { rooms, since }) => {
    hub.admit();
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    if (req.method === 'HEAD') {
      res.end();
      return;
    }
    const write = (text: string): void => {
      if (res.writableLength > maxUnread) res.destroy();
      else res.write(text);
    };
    const leave = hub.add({ rooms, tell: (sent) => write(frame(sent)), end: () => res.end() });
    const heart = setInterval(() => write(':\n\n'), heartbeatMs).unref();
    res.once('close', () => {
      leave();
      clearInterval(heart);
    });
    const missed = since === undefined || since === '' ? [] : hub.since(since, rooms, maxUnread / 2);
    // The id alone is no event, but where the client goes on from, should it lose the connection before the first one.
    const start = `retry: 2000\nid: ${hub.last()}\n\n`;
    const lost = missed === null ? 'event: reset\ndata: {}\n\n' : '';
    write((missed ?? []).map(frame).join('') + lost + start);
  };
}
