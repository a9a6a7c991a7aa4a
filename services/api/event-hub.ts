import { ulid } from 'ulid';
import { VitrailError } from '../contracts/errors.ts';
import { eventRing, type Sent } from './event-ring.ts';
import { type Room, roomsOf, type Told } from './rooms.ts';

export interface EventHubOptions {
  /** Listeners at once, at most, by whatever way they are told. */
  maxListeners?: number;
  /** Events kept for those that come back. */
  replay?: number;
}

/** Who is told of what happens in some rooms; both may change while it listens. */
export interface Listener {
  rooms: ReadonlySet<Room>;
  /** Never throws, and never waits: who cannot keep up is to be dropped. */
  tell(sent: Sent): void;
  /** The hub closes. */
  end(): void;
}

/** What happens, to whoever listens; each event once, in however many of its rooms one is. */
export interface EventHub {
  /** Refuses one listener too many, before it is promised anything. @throws server.busy */
  admit(): void;
  /** From now on a listener is told; what is answered ends that. */
  add(listener: Listener): () => void;
  tell(name: string, payload: Told): void;
  /** What came after an event, in these rooms; null where that is more than so many bytes, is not known any more, or never was. */
  since(id: string, rooms: ReadonlySet<Room>, maxBytes: number): Sent[] | null;
  idOf(sent: Sent): string;
  /** The id of the newest event, or of the place before the first. */
  last(): string;
  listeners(): number;
  close(): void;
}

const concerns = (rooms: ReadonlySet<Room>, sent: Sent): boolean =>
  rooms.has('all') || sent.rooms.some((room) => rooms.has(room as Room));

export function eventHub({ maxListeners = 500, replay = 1000 }: EventHubOptions = {}): EventHub {
  const ring = eventRing({ epoch: ulid(), size: replay });
  const listeners = new Set<Listener>();
  return {
    admit() {
      if (listeners.size >= maxListeners)
        throw new VitrailError('server.busy', `All ${maxListeners} places for listeners are taken; try again.`);
    },
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(name, payload) {
      const sent = ring.push(name, roomsOf(payload), payload);
      for (const listener of listeners) if (concerns(listener.rooms, sent)) listener.tell(sent);
    },
    since(id, rooms, maxBytes) {
      const missed = ring.since(id)?.filter((sent) => concerns(rooms, sent));
      const bytes = missed?.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0) ?? Infinity;
      return missed && bytes <= maxBytes ? missed : null;
    },
    idOf: (sent) => ring.idOf(sent),
    last: () => ring.last(),
    listeners: () => listeners.size,
    close() {
      for (const listener of listeners) listener.end();
      listeners.clear();
    },
  };
}
