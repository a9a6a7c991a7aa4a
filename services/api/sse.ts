import { setInterval } from 'node:timers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ulid } from 'ulid';
import { VitrailError } from '../contracts/errors.ts';
import { type EventRing, eventRing, type Sent } from './event-ring.ts';

export interface EventHubOptions {
  /** Clients at once, at most. */
  maxClients?: number;
  /** Events kept for clients that come back. */
  replay?: number;
  /** How often a comment shows clients and proxies that the connection lives, in ms. */
  heartbeatMs?: number;
  /** A client with more than this many bytes unread is dropped: it comes back and is told what it missed. */
  maxUnread?: number;
}

/** What an event says: it concerns one asset, or none in particular. */
export type Told = { id: string } | { assetId: string } | { names: string[] };

/** What happens, to whoever listens: server-sent events (HTML standard, 9.2). */
export interface EventHub {
  /** Makes an answer a stream of events; with `asset`, of that one only. @throws server.busy */
  listen(req: IncomingMessage, res: ServerResponse, asset?: string): void;
  tell(name: string, payload: Told): void;
  clients(): number;
  close(): void;
}

interface Client {
  res: ServerResponse;
  asset: string | undefined;
}

const frame = (ring: EventRing, sent: Sent): string => `id: ${ring.idOf(sent)}\nevent: ${sent.name}\ndata: ${sent.data}\n\n`;

export function eventHub({
  maxClients = 100,
  replay = 1000,
  heartbeatMs = 15_000,
  maxUnread = 256 * 1024,
}: EventHubOptions = {}): EventHub {
  const ring = eventRing({ epoch: ulid(), size: replay });
  const clients = new Set<Client>();

  function write(client: Client, text: string): void {
    if (client.res.writableLength > maxUnread) {
      clients.delete(client);
      client.res.destroy();
    } else client.res.write(text);
  }
  const heart = setInterval(() => {
    for (const client of clients) write(client, ':\n\n');
  }, heartbeatMs);
  heart.unref();

  return {
    listen(req, res, asset) {
      if (clients.size >= maxClients)
        throw new VitrailError('server.busy', `All ${maxClients} places for listeners are taken; try again.`);
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
      if (req.method === 'HEAD') {
        res.end();
        return;
      }
      const client: Client = { res, asset };
      clients.add(client);
      res.once('close', () => clients.delete(client));
      const { 'last-event-id': seen } = req.headers;
      const missed = typeof seen === 'string' && seen !== '' ? ring.since(seen) : [];
      const about = (missed ?? []).filter((sent) => asset === undefined || sent.asset === asset);
      // The id alone is no event, but where the client goes on from, should it lose the connection before the first one.
      const start = `retry: 2000\nid: ${ring.last()}\n\n`;
      const lost = missed === null ? 'event: reset\ndata: {}\n\n' : '';
      write(client, about.map((sent) => frame(ring, sent)).join('') + lost + start);
    },
    tell(name, payload) {
      const asset = 'assetId' in payload ? payload.assetId : 'id' in payload ? payload.id : '';
      const text = frame(ring, ring.push(name, asset, payload));
      for (const client of clients) if (client.asset === undefined || client.asset === asset) write(client, text);
    },
    clients: () => clients.size,
    close() {
      clearInterval(heart);
      for (const { res } of clients) res.end();
      clients.clear();
    },
  };
}
