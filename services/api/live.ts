import type { IncomingMessage } from 'node:http';
import { setInterval, setTimeout } from 'node:timers';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { parseParams } from '../../mixins/implement.ts';
import { VitrailError } from '../contracts/errors.ts';
import { type Gatekeeper, refuseForeignPages } from './auth.ts';
import type { EventHub } from './event-hub.ts';
import type { Sent } from './event-ring.ts';
import { failureOf, problemOf } from './problem.ts';
import { maxRooms, Room } from './rooms.ts';

export interface LiveOptions {
  hub: EventHub;
  guard: Gatekeeper;
  /** How often a client has to show that it lives, in ms. */
  heartbeatMs?: number;
  /** A client with more than this many bytes unread is dropped: it comes back with `since`. */
  maxUnread?: number;
  /** Messages that a client may send between two heartbeats. */
  maxMessages?: number;
}

/** Rooms of events over WebSocket (RFC 6455). */
export interface Live {
  /** Takes a connection over. @throws request.unauthorized, request.cross-origin, server.busy */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

/** The subprotocol, and what a browser, which cannot send a header, names its key by. */
const protocol = 'vitrail.v1';
const keyPrefix = 'vitrail.key.';

const maxMessageBytes = 4096;
/** Status codes of RFC 6455, 7.4.1. */
const closing = { goingAway: 1001, unfit: 1003, policy: 1008 };
/** How long a client may take to say goodbye, in ms. */
const goodbyeMs = 1000;

const Message = z.union([
  z.strictObject({ join: z.array(Room).min(1).max(maxRooms), since: z.string().max(100).optional() }),
  z.strictObject({ leave: z.array(Room).min(1).max(maxRooms) }),
]);

function keyOf({ headers }: IncomingMessage): string | undefined {
  const names = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const sent = names.find((name) => name.startsWith(keyPrefix));
  return sent && Buffer.from(sent.slice(keyPrefix.length), 'base64url').toString();
}

export function openLive({ hub, guard, heartbeatMs = 15_000, maxUnread = 256 * 1024, maxMessages = 100 }: LiveOptions): Live {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    // The key is not told back.
    handleProtocols: (names) => (names.has(protocol) ? protocol : false),
  });

  function serve(socket: WebSocket): void {
    const rooms = new Set<Room>();
    let alive = true;
    let messages = 0;

    function send(text: string): void {
      if (socket.bufferedAmount > maxUnread) socket.terminate();
      else if (socket.readyState === WebSocket.OPEN) socket.send(text);
    }
    const say = (type: string, members: object): void => send(JSON.stringify({ type, ...members }));
    const tell = (sent: Sent): void =>
      send(`{"type":"event","id":"${hub.idOf(sent)}","event":${JSON.stringify(sent.name)},"data":${sent.data}}`);

    function goodbye(): void {
      socket.close(closing.goingAway);
      setTimeout(() => socket.terminate(), goodbyeMs).unref();
    }

    function obey(text: string): void {
      const message = parseParams(Message, jsonOf(text));
      if ('leave' in message) for (const room of message.leave) rooms.delete(room);
      else join(message);
      say('rooms', { rooms: [...rooms], last: hub.last() });
    }
    function join({ join: wanted, since }: { join: Room[]; since?: string | undefined }): void {
      const fresh = new Set(wanted.filter((room) => !rooms.has(room)));
      if (rooms.size + fresh.size > maxRooms)
        throw new VitrailError('params.invalid', `A client can be in ${maxRooms} rooms; leave some first.`);
      for (const room of fresh) rooms.add(room);
      if (since === undefined) return;
      // All of it is on its way at once: more than that would have the client dropped, and come back, for ever.
      const missed = hub.since(since, fresh, maxUnread / 2);
      if (missed) missed.forEach(tell);
      else say('reset', {});
    }

    const leave = hub.add({ rooms, tell, end: goodbye });
    const heart = setInterval(() => {
      if (!alive) {
        socket.terminate();
        return;
      }
      alive = false;
      messages = 0;
      socket.ping();
    }, heartbeatMs).unref();
    socket.on('pong', () => (alive = true));
    // What is wrong with it closes the connection by itself.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      leave();
      clearInterval(heart);
    });
    socket.on('message', (data, isBinary) => {
      if (isBinary) socket.close(closing.unfit, 'text only');
      else if (++messages > maxMessages) socket.close(closing.policy, 'too many messages');
      else {
        try {
          obey((data as Buffer).toString());
        } catch (error) {
          say('problem', { problem: problemOf(failureOf(error)) });
        }
      }
    });
  }

  return {
    upgrade(req, socket, head) {
      const key = keyOf(req);
      guard(key === undefined ? req.headers : { ...req.headers, 'x-api-key': key });
      // Not a GET that anybody may send: it opens a way on which the answers can be read, whatever page asked.
      refuseForeignPages('CONNECT', req.headers);
      hub.admit();
      server.handleUpgrade(req, socket, head, serve);
    },
    close() {
      server.close();
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new VitrailError('request.malformed', 'A message is JSON: { "join": ["all"] }, or { "leave": [ … ] }.');
  }
}
