import type { Context, Service, ServiceBroker, ServiceSchema } from 'moleculer';
import { configOf } from '../config/ports.ts';
import { events } from '../services/contracts/event.ts';
import { tagCatalogOf } from './tag-catalog.ts';
import { upkeep, type Upkeep } from './upkeep.ts';

/** Reads the catalogue again at times, while a service of the node listens: news of a change may have been lost. */
interface Clock {
  rounds: Upkeep;
  listeners: number;
}
const clocks = new WeakMap<ServiceBroker, Clock>();

function beginRounds(broker: ServiceBroker): Upkeep {
  const rounds = upkeep({
    logger: broker.getLogger('tags'),
    everyMs: configOf(broker).reconcileSeconds * 1000,
    // At the start nothing has been read yet, and perhaps nobody is there who could be asked.
    round: async ({ first }) => ({ namesReadAgain: first ? 0 : await tagCatalogOf(broker).reread() }),
  });
  void rounds.begin();
  return rounds;
}

/**
 * For services that read the catalogue: what is changed on another node is read again here, and now and again all of it. Those of
 * one node form a group, of which one is told.
 */
export const tagListener: Partial<ServiceSchema> & { merged(this: Service, schema: ServiceSchema): void } = {
  merged(schema) {
    const listener = {
      group: `tags:${this.broker.nodeID}`,
      async handler(this: Service, ctx: Context<{ names: string[] }>) {
        // What was changed here is known here before anybody is told.
        if (ctx.nodeID === this.broker.nodeID) return;
        const { names } = ctx.params;
        if (names.length > 0) await tagCatalogOf(this.broker).refresh(names);
        else await clocks.get(this.broker)?.rounds.soon();
      },
    };
    schema.events = { ...schema.events, [events.tagsChanged.name]: listener } as NonNullable<ServiceSchema['events']>;
  },
  async started() {
    const clock = clocks.get(this.broker);
    if (clock) clock.listeners += 1;
    else clocks.set(this.broker, { rounds: beginRounds(this.broker), listeners: 1 });
    await Promise.resolve();
  },
  async stopped() {
    const clock = clocks.get(this.broker);
    if (!clock) return;
    clock.listeners -= 1;
    if (clock.listeners > 0) return;
    clocks.delete(this.broker);
    await clock.rounds.end();
  },
};
