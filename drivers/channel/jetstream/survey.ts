import { AckPolicy, DeliverPolicy, nanos, type StreamState } from 'nats';
import { lanes, type DeadLetter, type Lane, type LaneStats } from '../port.ts';
import type { LaneQueue } from './lane.ts';
import type { ShelfName } from './layout.ts';
import type { Link } from './link.ts';
import { pullNow, type Handed } from './pull.ts';
import { bare, tokenOf, type Dead } from './record.ts';

type Queues = Record<Lane, LaneQueue>;
type Snapshot = Record<Lane, Record<ShelfName, StreamState>>;

/** Looks before the last is taken as it is: a busy queue changes from one look to the next. */
const looks = 5;
const batch = 200;

async function look(link: Link, queues: Queues): Promise<Snapshot> {
  const sentAt = Date.now();
  const stateOf = async (stream: string): Promise<StreamState> => {
    const info = await link.ask(() => link.jsm.streams.info(stream));
    link.clock.observe([info], sentAt);
    return info.state;
  };
  const statesOf = async ({ streams }: LaneQueue): Promise<Record<ShelfName, StreamState>> => {
    const [wait, later, work, dead] = await Promise.all([streams.wait, streams.later, streams.work, streams.dead].map(stateOf));
    return { wait: wait!, later: later!, work: work!, dead: dead! };
  };
  const [interactive, backfill] = await Promise.all([statesOf(queues.interactive), statesOf(queues.backfill)]);
  return { interactive, backfill };
}

const sequencesOf = (snapshot: Snapshot): string =>
  lanes.flatMap((lane) => Object.values(snapshot[lane]).map((state) => state.last_seq)).join();

/**
 * Counts without reading. What moves is added to one stream before it leaves another, so while no stream has been added to
 * between two looks, nothing was overlooked by the first: a message counts twice for a moment, and never not at all.
 */
export async function statsOf(link: Link, queues: Queues): Promise<Record<Lane, LaneStats>> {
  let seen = await look(link, queues);
  for (let n = 1; n < looks; n++) {
    const next = await look(link, queues);
    if (sequencesOf(next) === sequencesOf(seen)) break;
    seen = next;
  }
  const stats = ({ wait, later, work, dead }: Snapshot[Lane]): LaneStats => ({
    waiting: wait.messages,
    delayed: later.messages,
    inFlight: work.messages,
    dead: dead.messages,
  });
  return { interactive: stats(seen.interactive), backfill: stats(seen.backfill) };
}

/** The dead letters of a lane at this moment, in the order in which they died, some at a time. */
async function* lettersOf({ link, streams }: LaneQueue): AsyncGenerator<Handed<Dead>> {
  const { state } = await link.ask(() => link.jsm.streams.info(streams.dead));
  const { name: durable } = await link.ask(() =>
    link.jsm.consumers.add(streams.dead, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.All,
      inactive_threshold: nanos(30_000),
      mem_storage: true,
      num_replicas: 1,
    }),
  );
  try {
    for (;;) {
      const letters = await pullNow<Dead>(link, { stream: streams.dead, durable }, batch);
      // What is revived may die again meanwhile, and would be found again without end.
      yield* letters.filter(({ seq }) => seq <= state.last_seq);
      if (letters.length < batch || letters.at(-1)!.seq >= state.last_seq) return;
    }
  } finally {
    await link.jsm.consumers.delete(streams.dead, durable).catch(() => false);
  }
}

/** The newest first. */
export async function deadLettersOf(queues: Queues, limit: number): Promise<DeadLetter[]> {
  const newest: DeadLetter[] = [];
  for (const lane of lanes) {
    const own: DeadLetter[] = [];
    for await (const { record } of lettersOf(queues[lane])) {
      own.push({ ...bare(record), lane, reason: record.reason, diedAt: record.diedAt });
      if (own.length > limit) own.shift();
    }
    newest.push(...own);
  }
  return newest.sort((a, b) => b.diedAt - a.diedAt).slice(0, limit);
}

/** Puts dead letters back to wait, with all their chances; answers how many. */
export async function revive(queues: Queues, ids: readonly string[] | undefined): Promise<number> {
  let revived = 0;
  for (const lane of lanes) {
    for await (const { seq, record } of ids ? namedIn(queues[lane], ids) : lettersOf(queues[lane])) {
      await queues[lane].line.putBack({ ...record, deliveries: 0, failures: 0 }, 0);
      if (await queues[lane].dead.remove(seq)) revived++;
    }
  }
  return revived;
}

async function* namedIn(queue: LaneQueue, ids: readonly string[]): AsyncGenerator<{ seq: number; record: Dead }> {
  for (const id of new Set(ids)) {
    const [lane, token] = id.split('.');
    if (lane !== queue.lane || !/^[\w-]{22}$/.test(token ?? '')) continue;
    const letter = await queue.dead.read(token!);
    if (letter?.record.id === id && tokenOf(letter.record.key) === token) yield letter;
  }
}
