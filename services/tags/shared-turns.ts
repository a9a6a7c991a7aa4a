import { setTimeout as delay } from 'node:timers/promises';
import { ulid } from 'ulid';
import { type Collection, type Records, RecordsError } from '../../drivers/records/port.ts';
import { VitrailError } from '../contracts/errors.ts';

/** Whose turn it is to change the catalogue of tags, of all nodes; there is one row. */
export interface TurnRow {
  id: string;
  /** Who has the turn or, while it is free, had it last. */
  holder: string;
  free: boolean;
  /** Rises as long as the holder lives. */
  beat: number;
}
export const turnRows: Collection = { name: 'tag_turns', hot: { holder: 'text', free: 'boolean', beat: 'number' } };

const id = 'catalogue';

export interface SharedTurnsOptions {
  /** A holder that shows no sign of life for so long, by the clock of the one who waits, has lost its turn. In ms. */
  leaseMs?: number;
  /** How long to wait for a turn, in ms. */
  patienceMs?: number;
}

/** What happens in a turn. `othersHad`: another had one since this one's last; `lost` is aborted when the turn is taken away. */
export type InTurn<T> = (turn: { othersHad: boolean; lost: AbortSignal }) => Promise<T>;

const busy = (): VitrailError => new VitrailError('server.busy', 'Other changes of tags are under way; try again.');

/**
 * One at a time of all nodes, by a lease that is taken with compare-and-set. No clocks are compared: a lease has run out when its beat
 * stands still. One process asks for one turn at a time.
 */
export function sharedTurns(
  records: Records<TurnRow>,
  { leaseMs = 15_000, patienceMs = 60_000 }: SharedTurnsOptions = {},
): <T>(work: InTurn<T>) => Promise<T> {
  const me = ulid();
  const restMs = Math.min(50, leaseMs / 4);

  /** Answers whether another had the turn before, or undefined where it could not be taken from what was seen. */
  async function takeFrom(seen: TurnRow | null): Promise<boolean | undefined> {
    if (seen) {
      const query = { id, holder: seen.holder, free: seen.free, beat: seen.beat };
      const taken = await records.updateMany(query, { $set: { holder: me, free: false, beat: seen.beat + 1 } });
      return taken === 1 ? seen.holder !== me : undefined;
    }
    try {
      await records.insert({ id, holder: me, free: false, beat: 0 });
      return false;
    } catch (error) {
      if (error instanceof RecordsError && error.code === 'records.duplicate') return undefined;
      throw error;
    }
  }

  async function take(): Promise<boolean> {
    const began = performance.now();
    let alive = '';
    let since = began;
    for (;;) {
      const seen = await records.findById(id);
      const now = performance.now();
      const sign = `${seen?.holder} ${seen?.beat}`;
      if (sign !== alive) [alive, since] = [sign, now];
      const othersHad = !seen || seen.free || now - since > leaseMs ? await takeFrom(seen) : undefined;
      if (othersHad !== undefined) return othersHad;
      if (now - began > patienceMs) throw busy();
      await delay(restMs);
    }
  }

  return async (work) => {
    const othersHad = await take();
    const lost = new AbortController();
    const renew = async (): Promise<void> => {
      if ((await records.updateMany({ id, holder: me, free: false }, { $inc: { beat: 1 } })) === 0) lost.abort(busy());
    };
    // One that could not be renewed is renewed the next time, or lost by then.
    const beat = setInterval(() => void renew().catch(() => undefined), leaseMs / 3);
    try {
      return await work({ othersHad, lost: lost.signal });
    } finally {
      clearInterval(beat);
      // Where this fails the lease runs out.
      await records.updateMany({ id, holder: me }, { $set: { free: true } }).catch(() => 0);
    }
  };
}
