import { lanes, type Lane } from '../../drivers/channel/port.ts';
import { type Collection, type Records, RecordsError } from '../../drivers/records/port.ts';

/** There while a lane is paused. `since` in ms since the epoch. */
export interface PauseRow {
  id: Lane;
  since: number;
}

/** On disk, and shared by all nodes: a pause outlives each of them. */
export const pauses: Collection = { name: 'pauses', hot: {} };

/** Which lanes work is taken from, as this node knows it: what is written down, as it was read last. */
export interface OpenLanes {
  open(): readonly Lane[];
  /** Reads what is written down; answers whether that is news. */
  reread(): Promise<boolean>;
  pause(lane: Lane): Promise<void>;
  resume(lane: Lane): Promise<void>;
}

export function openLanes(records: Records<PauseRow>): OpenLanes {
  let open: readonly Lane[] = lanes;

  async function reread(): Promise<boolean> {
    const paused = new Set((await records.find()).map(({ id }) => id));
    const now = lanes.filter((lane) => !paused.has(lane));
    const isNews = now.join() !== open.join();
    open = now;
    return isNews;
  }

  return {
    open: () => open,
    reread,
    async pause(lane) {
      await records.insert({ id: lane, since: Date.now() }).catch((error: unknown) => {
        // It is paused already.
        if (!(error instanceof RecordsError && error.code === 'records.duplicate')) throw error;
      });
    },
    async resume(lane) {
      await records.removeById(lane);
    },
  };
}
