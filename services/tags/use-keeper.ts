import { oneQueued } from '../../mixins/one-queued.ts';
import type { TagNames } from '../../mixins/tag-names.ts';
import { type Use, useOf } from './use.ts';

/** How long counts are told again before the index is asked anew, in milliseconds. */
const keepMs = 1000;

/** The use of all tags, which takes the index a pass over all assets. */
export interface UseKeeper {
  /** As it was within the last second; one pass for all who ask meanwhile. */
  use(): Promise<Use>;
  /** As it is once the index knows of all that has been written; one feed and one pass for all who wait. */
  fresh(): Promise<Use>;
}

export interface UseKeeperOptions {
  names(): Promise<TagNames>;
  /** How often the index has each name. */
  count(): Promise<readonly { name: string; count: number }[]>;
  /** Brings the index up to date. */
  feed(): Promise<unknown>;
  /** Milliseconds of a clock that runs evenly. */
  now?(): number;
}

export function useKeeper({ names, count, feed, now = () => performance.now() }: UseKeeperOptions): UseKeeper {
  let kept: { use: Promise<Use>; until: number; meaning: number } | undefined;

  async function use(): Promise<Use> {
    const known = await names();
    if (kept && kept.until > now() && kept.meaning === known.meaning) return kept.use;
    const pass = { use: count().then((counted) => useOf(counted, known)), until: Infinity, meaning: known.meaning };
    kept = pass;
    try {
      await pass.use;
      pass.until = now() + keepMs;
    } catch (error) {
      if (kept === pass) kept = undefined;
      throw error;
    }
    return pass.use;
  }

  return {
    use,
    fresh: oneQueued(async () => {
      await feed();
      kept = undefined;
      return use();
    }),
  };
}
