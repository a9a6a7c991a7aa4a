import { jest } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '../../drivers/channel/journal/open.ts';
import { ChannelError, type Channel } from '../../drivers/channel/port.ts';
import { outage } from './channel/outage.ts';
import { firstFailure } from './failures.ts';

// Those beside each other share the disk and the processors.
jest.setTimeout(240_000);

const root = await mkdtemp(join(tmpdir(), 'vitrail-broken-outage-'));
afterAll(() => rm(root, { recursive: true, force: true }));

type Answer = () => Promise<never>;
const unavailable: Answer = () => Promise.reject(new ChannelError('channel.unavailable', 'it is away'));

interface Breakage {
  /** What is answered while the server is away. */
  answer?: Answer;
  /** Where the channel is after its server was away: another place has nothing of what was there. */
  placeAfter?: (place: string) => string;
  stopsConsuming?: boolean;
  /** A channel that is closed while its server is away. */
  closes?: (journal: Channel) => Promise<void>;
}

/** A journal that plays a queue on a server: nodes that open the same place share it, and it can be away. */
function played({ answer = unavailable, placeAfter = (place) => place, stopsConsuming = false, closes }: Breakage) {
  let isAway = false;
  /** Places that were open when the server went away. */
  const hit = new Set<string>();
  const journals = new Map<string, { journal: Promise<Channel>; nodes: number }>();
  const stops: (() => Promise<void>)[] = [];

  async function open(asked: string): Promise<Channel> {
    const place = hit.has(asked) ? placeAfter(asked) : asked;
    const shared = journals.get(place) ?? { journal: openJournal({ file: join(root, place, 'channel.sqlite') }), nodes: 0 };
    journals.set(place, shared);
    shared.nodes++;
    const journal = await shared.journal;
    return {
      publish: (...args) => (isAway ? answer() : journal.publish(...args)),
      stats: () => (isAway ? answer() : journal.stats()),
      deadLetters: (options) => (isAway ? answer() : journal.deadLetters(options)),
      revive: (ids) => (isAway ? answer() : journal.revive(ids)),
      async consume(handler, options) {
        const consumer = await journal.consume(handler, options);
        stops.push(() => consumer.stop(0));
        return consumer;
      },
      async close() {
        if (--shared.nodes > 0) return;
        journals.delete(place);
        await (isAway && closes ? closes(journal) : journal.close());
      },
    };
  }

  const server = {
    async away() {
      isAway = true;
      for (const place of journals.keys()) hit.add(place);
      if (stopsConsuming) await Promise.all(stops.map((stop) => stop()));
    },
    async back() {
      isAway = false;
    },
  };
  return { open, cases: outage.map(({ title, run }) => ({ title, run: (o: typeof open) => run(o, server) })) };
}

/** One broken promise each, and where it is noticed. */
const breakages: Record<string, Breakage> = {
  'lets its callers wait': { answer: () => new Promise(() => undefined) },
  'shows the error of its client': { answer: () => Promise.reject(new Error('ECONNREFUSED')) },
  'answers as if all were well': { answer: () => Promise.resolve(undefined as never) },
  'does not go on by itself': { stopsConsuming: true },
  'has lost what was in work when it comes back': { placeAfter: (place) => `${place}-empty` },
  'does not tell those at work that it closes': { closes: async () => undefined },
};

describe('the suite of channels whose server goes away', () => {
  it('passes a channel that keeps its promises', async () => {
    const { open, cases } = played({});
    expect(await firstFailure(cases, open)).toBeNull();
  });

  // Beside each other: what a broken channel never does is waited for to the end of patience.
  it.concurrent.each(Object.entries(breakages))('fails a channel that %s', async (_, breakage) => {
    const { open, cases } = played(breakage);
    expect(await firstFailure(cases, open)).not.toBeNull();
  });
});
