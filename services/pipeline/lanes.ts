import { lanes, type Lane } from '../../drivers/channel/port.ts';
import { type Collection, type Records, RecordsError } from '../../drivers/records/port.ts';

/** There while a lane is paused. `since` in ms since the epoch. */
export interface PauseRow {
  id: Lane;
  since: number;
}

/** On disk, and shared by all nodes: a pause outlives each of them. */
export const pauses: Collection = { name: 'pauses', hot: {} };

/** Which lanes work is taken from, as this node knows it: what is written down, as the latest question found it. */
export interface OpenLanes {
  open(): readonly Lane[];
  /** Reads what is written down; answers whether that is news. */
  reread(): Promise<boolean>;
  pause(lane: Lane): Promise<void>;
  resume(lane: Lane): Promise<void>;
}

export function openLanes(records: Pick<Records<PauseRow>, 'find' | 'insert' | 'removeById'>): OpenLanes {
  let open: readonly Lane[] = lanes;
  let asked = 0;
  let answered = 0;

  async function reread(): Promise<boolean> {
    const question = ++asked;
    const paused = new Set((await records.find()).map(({ id }) => id));
    // A slow answer may be older than the one to a question that was asked later.
    if (question < answered) return false;
    answered = question;
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
