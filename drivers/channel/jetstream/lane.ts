import type { Lane } from '../port.ts';
import { Claims, type Claim } from './claims.ts';
import { durableOf, streamOf, type ShelfName } from './layout.ts';
import { Line } from './line.ts';
import type { Link } from './link.ts';
import type { Source } from './pull.ts';
import { bare, tokenOf, type Dead, type Delayed, type Queued, type Working } from './record.ts';
import { Shelf } from './shelf.ts';

/** All that a lane keeps, and how messages go from one shelf to another. */
export interface LaneQueue {
  lane: Lane;
  link: Link;
  line: Line;
  claims: Claims;
  dead: Shelf<Dead>;
  /** Streams in the order in which messages go through them. */
  streams: Record<ShelfName, string>;
  /** The consumers of what waits, of what is delayed, and of what is in work. */
  sources: Record<'wait' | 'later' | 'work', Source>;
  /** A dead letter takes the place of an older one of its key. */
  bury(message: Queued, reason: string): Promise<void>;
  /** Ends a claim before its time: the message waits again. Does nothing where the claim is no longer held. */
  giveBack(claim: Pick<Claim, 'record' | 'seq' | 'epoch'>): Promise<void>;
}

export function openLane(link: Link, name: string, lane: Lane, node: string): LaneQueue {
  const wait = new Shelf<Queued>(link, name, lane, 'wait');
  const later = new Shelf<Delayed>(link, name, lane, 'later');
  const work = new Shelf<Working>(link, name, lane, 'work');
  const dead = new Shelf<Dead>(link, name, lane, 'dead');
  const line = new Line(link, wait, later);
  const claims = new Claims(link, name, lane, node, { wait, work });
  const source = (shelf: ShelfName): Source => ({ stream: streamOf(name, lane, shelf), durable: durableOf[shelf] ?? '' });
  return {
    lane,
    link,
    line,
    claims,
    dead,
    streams: { wait: wait.stream, later: later.stream, work: work.stream, dead: dead.stream },
    sources: { wait: source('wait'), later: source('later'), work: source('work') },

    bury: (message, reason) => dead.set(tokenOf(message.key), { ...bare(message), reason, diedAt: Math.round(link.clock.now()) }),

    async giveBack({ record, seq, epoch }) {
      const added = await line.putBack(record, 0);
      const held = await claims.finish({ token: tokenOf(record.key), seq, epoch });
      if (!held && added !== null) await line.takeBack(added);
    },
  };
}
