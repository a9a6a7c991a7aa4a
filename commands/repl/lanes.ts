import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceBroker } from 'moleculer';
import { z } from 'zod';
import { call } from '../../services/contracts/contract.ts';
import { Lane } from '../../services/contracts/ingest.ts';
import { pipeline, type LaneState } from '../../services/contracts/pipeline.ts';
import { replCommand } from './command.ts';
import { table } from './table.ts';

const rows = (items: readonly LaneState[]): string[] =>
  table(
    ['lane', '', 'waiting', 'delayed', 'in work', 'dead'],
    items.map(({ lane, paused, waiting, delayed, inFlight, dead }) => [
      lane,
      paused ? 'paused' : 'open',
      waiting,
      delayed,
      inFlight,
      dead,
    ]),
  );

/** A pause that is over when nothing of the lanes is in work any more, on any node. */
async function drained(broker: ServiceBroker, wanted: readonly LaneState['lane'][]): Promise<LaneState[]> {
  for (;;) {
    const { items } = await call(broker, pipeline.lanes, {});
    const busy = items.filter(({ lane, inFlight, paused }) => wanted.includes(lane) && paused && inFlight > 0);
    if (busy.length === 0) return items;
    await delay(250);
  }
}

export const lanes = replCommand({
  command: 'lanes [do] [lane]',
  description: 'The lanes; pause, resume or drain one or both: drain pauses and waits until nothing of it is in work',
  params: z.object({ do: z.enum(['pause', 'resume', 'drain']).optional(), lane: Lane.optional() }),
  async run(broker, { do: what, lane }) {
    const wanted = lane === undefined ? Lane.options : [lane];
    if (what !== undefined)
      for (const one of wanted) await call(broker, pipeline.setLane, { lane: one, paused: what !== 'resume' });
    return rows(what === 'drain' ? await drained(broker, wanted) : (await call(broker, pipeline.lanes, {})).items);
  },
});
